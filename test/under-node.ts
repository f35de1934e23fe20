// `npm run test:node -- 22 24 [words of vitest]`: the tests under other versions of Node, one after the other.
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { interpreter, type Interpreter } from './rig/interpreter.ts';

const USAGE = `npm run test:node -- VERSION… [WORD…]
  VERSION   of Node, such as 24 or 20.20; several run one after the other
  WORD      what follows goes to vitest: files, folders, options`;

const words = process.argv.slice(2);
const first = words.findIndex((word) => !/^\d+(\.\d+)*$/.test(word));
const versions = first < 0 ? words : words.slice(0, first);
const rest = first < 0 ? [] : words.slice(first);

if (versions.length === 0) {
  console.error(USAGE);
  process.exit(2);
}
const failed = versions.filter((version) => !passes(version));
if (failed.length > 0) console.error(`The tests did not pass under Node ${failed.join(', ')}.`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** Runs the tests; what they start finds the same interpreter, be it by its path, as `node`, `npm` or `npx`. */
function passes(wanted: string): boolean {
  const found = fetched(wanted);
  if (found === null) return false;
  const { folder, program, version } = found;
  console.log(`\nNode ${version}`);
  const { status } = spawnSync(program, ['node_modules/vitest/vitest.mjs', 'run', ...rest], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
  });
  return status === 0;
}

function fetched(wanted: string): Interpreter | null {
  try {
    return interpreter(wanted);
  } catch (error) {
    console.error(
      `Node ${wanted} cannot be had from the registry: ${error instanceof Error ? error.message : String(error)}`,
    );
    return null;
  }
}
