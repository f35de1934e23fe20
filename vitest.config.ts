// A project for each of the two worlds (ARCHITECTURE.md), one for the whole command line, which takes the longest, one for what
// needs other machines, with real servers on loopback, and one for what is published; `npm test` runs all.
import { defineConfig } from 'vitest/config';

/** The experiment: tensors, models, and the stages as processes. */
const science = [
  'datasets',
  'diffusion',
  'distributions',
  'information',
  'models',
  'networks',
  'play',
  'quality',
  'ratios',
  'stages',
  'tensor',
].map((folder) => `test/${folder}/**/*.test.ts`);

/** The command line as people use it: processes that are started, killed and started again, for minutes. */
const commands = ['e2e', 'hostile'].map((folder) => `test/${folder}/**/*.test.ts`);

/** Remotes and clusters: nginx, Apache, Ceph, Swift, rclone, Slurm and Grid Engine, where Debian's packages are there. */
const servers = ['test/remote/**/*.test.ts', 'test/cluster/**/*.test.ts', 'test/e2e/remote*.test.ts'];

/** The package as others install it: minutes, and the registry. */
const installed = 'test/e2e/pack.test.ts';

export default defineConfig({
  test: {
    // Two cores: more workers only make process-spawning tests wait for each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of the code that runs in the test's own process: commands and stages, which tests start as processes, are not counted.
    coverage: {
      include: ['src/**/*.ts', 'stages/**/*.ts'],
      exclude: ['src/schema/**'],
      reporter: ['text-summary', 'html'],
      reportOnFailure: true,
    },
    projects: [
      // All the rest of the pipeline world: from the text of a pipeline to the kit of stages.
      {
        extends: true,
        test: { name: 'pipeline', include: ['test/**/*.test.ts'], exclude: [...science, ...commands, ...servers] },
      },
      { extends: true, test: { name: 'commands', include: commands, exclude: [installed, ...servers] } },
      // A Ceph or a Slurm takes its time on a busy machine.
      { extends: true, test: { name: 'servers', include: servers, testTimeout: 240_000, hookTimeout: 120_000 } },
      { extends: true, test: { name: 'science', include: science } },
      { extends: true, test: { name: 'package', include: [installed] } },
    ],
  },
});
