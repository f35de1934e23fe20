// What docs/ci.md says: the action, the workflows of GitHub and GitLab, and what of a store is kept between jobs.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type JobResult, readAction, runAction } from '../rig/composite-action.ts';
import { commitAll, gitIn } from '../rig/git.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../rig/temporary.ts';

/** The schemas that GitHub's files are held against in editors, as WebAssembly. */
const { validateAction, validateWorkflow } = createRequire(import.meta.url)('@action-validator/core') as Record<
  'validateAction' | 'validateWorkflow',
  (text: string) => { readonly errors: readonly unknown[] }
>;

const repository = fileURLToPath(new URL('../..', import.meta.url));
const command = `${process.execPath} ${path.join(repository, 'bin/repro.js')}`;
const page = readFileSync(path.join(repository, 'docs/ci.md'), 'utf8');
const [workflow, gitlab] = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text!);

const pipeline = (rate: number) => `name: test
params: { rate: ${rate} }
stages:
  data: { run: [sh, -c, 'echo 1 > d.txt'], code: [], outputs: { table: d.txt } }
  train: { run: [sh, train.sh], code: [train.sh], params: [rate], inputs: { table: data.table }, numbers: n.json }
profiles: { ci: {} }
gates: { good: { number: train.loss, max: 2 } }
`;
const files = {
  'pipeline.yaml': pipeline(1),
  'train.sh': `rate=$(sed -n 's/.*"rate": //p' "$REPRO_STAGE")
printf '{"loss":{"value":%s,"unit":"nats","kind":"exact","better":"lower"}}' "$rate" > n.json
`,
  '.gitignore': '.repro\nartifacts\n',
};

/** An origin, with jobs that each begin in a checkout of its own. */
class Origin implements Disposable {
  readonly #folder: TemporaryDirectory = temporaryDirectory({});
  readonly #action = readAction(path.join(repository, 'action.yml'));
  readonly cache = path.join(this.#folder.path, 'cache');
  readonly root = path.join(this.#folder.path, 'origin');
  #jobs = 0;

  constructor() {
    const { path: source } = temporaryDirectory(files);
    cpSync(source, this.root, { recursive: true });
    commitAll(this.root);
    gitIn(this.root)('branch', '-M', 'main');
    mkdirSync(this.cache);
  }

  checkout(branch: string): string {
    const folder = path.join(this.#folder.path, `job-${++this.#jobs}`);
    gitIn(this.#folder.path)('clone', '-q', '--depth=1', '--branch', branch, `file://${this.root}`, folder);
    return folder;
  }

  job(
    branch: string,
    context: Record<string, string>,
    inputs: Record<string, string> = {},
    workspace = this.checkout(branch),
  ): JobResult {
    return runAction(this.#action, { workspace, cache: this.cache, inputs: { command, ...inputs }, context });
  }

  /** A commit on a branch, from main. */
  change(branch: string, name: string, text: string): void {
    const git = gitIn(this.root);
    git('checkout', '-q', '-B', branch, 'main');
    cpSync(temporaryDirectory({ [name]: text }).path, this.root, { recursive: true });
    commitAll(this.root);
    git('checkout', '-q', 'main');
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

test('the action and the workflow are what GitHub takes', () => {
  expect(validateAction(readFileSync(path.join(repository, 'action.yml'), 'utf8')).errors).toEqual([]);
  expect(validateWorkflow(workflow!).errors).toEqual([]);
  const { inputs, runs } = readAction(path.join(repository, 'action.yml'));
  // Text that a stranger's branch may choose is never a part of a script.
  for (const { run = '' } of runs.steps) expect(run).not.toContain('${{');
  const table = page.slice(page.indexOf('| Input |'), page.indexOf('- The base is compared'));
  const told = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!),
  );
  expect(told.sort()).toEqual(Object.keys(inputs).sort());
});

test('a run of some stages after a whole one is judged, though it is not the latest', () => {
  using origin = new Origin();
  const workspace = origin.checkout('main');
  const whole = origin.job('main', {}, {}, workspace);
  expect(whole.summary).toContain('Gates of test: 1 of 1 passed');
  const some = origin.job('main', {}, { stages: 'data' }, workspace);
  expect(some.isGreen, some.log).toBe(true);
  expect(some.log).toContain('latest    is still run');
  expect(some.log).toContain('of data alone');
  expect(some.summary).toContain('not reported: train.loss');
});

test('a job computes; one of a change restores what is the same, judges, and says what moved since its base', () => {
  using origin = new Origin();
  const first = origin.job('main', { 'github.event.before': '0'.repeat(40) }, { profile: 'ci' });
  expect(first.isGreen, first.log).toBe(true);
  expect(first.log).toContain('2 computed');
  expect(first.summary).toContain('Gates of test: 1 of 1 passed');
  expect(first.summary).toContain('nothing is compared');
  expect(first.artifacts).toEqual(
    ['report.html', 'manifest.json', 'gates.xml', 'diff.md'].map((name) => `artifacts/${name}`),
  );

  origin.change('worse', 'pipeline.yaml', pipeline(3));
  const change = origin.job('worse', { 'github.base_ref': 'main' }, { profile: 'ci' });
  expect(change.isGreen).toBe(false);
  expect(change.log).toContain('1 computed, 1 restored');
  expect(change.summary).toContain('Gates of test: 0 of 1 passed');
  expect(change.summary).toContain('### 1 of 1 number moved');
  expect(change.summary).toContain('- because parameter rate 1 → 3');
  expect(change.summary).toContain('| train.loss | 1 | 3 | \\+2 | nats | worse |');
  expect(change.artifacts).toContain('artifacts/gates.xml');

  // The base is unchanged by what the change computed.
  const again = origin.job('main', {}, { profile: 'ci' });
  expect(again.isGreen, again.log).toBe(true);
  expect(again.log).toContain('2 restored');
});

test('stages that fail and files that are wrong end the job, and show what there is', () => {
  using origin = new Origin();
  origin.change('failing', 'train.sh', 'echo no >&2; exit 9\n');
  const failing = origin.job('failing', { 'github.base_ref': 'main' });
  expect(failing.isGreen).toBe(false);
  expect(failing.artifacts).toContain('artifacts/report.html');
  // What came before is kept all the same.
  expect(existsSync(path.join(origin.cache, '.repro/records'))).toBe(true);
  origin.change('wrong', 'pipeline.yaml', 'stages: [');
  const wrong = origin.job('wrong', { 'github.base_ref': 'main' });
  expect({ isGreen: wrong.isGreen, summary: wrong.summary }).toEqual({ isGreen: false, summary: '' });
});

test('the job of GitLab keeps the same of a store, judges and compares', () => {
  using origin = new Origin();
  const { experiment } = parse(gitlab!) as { experiment: GitLabJob };
  const cached = readAction(path.join(repository, 'action.yml')).runs.steps[0]!.with!['path']!;
  expect(experiment.cache.paths).toEqual(
    cached
      .trimEnd()
      .split('\n')
      .map((each) => each.replace('${{ inputs.working-directory }}/', '')),
  );
  expect(origin.job('main', {}).isGreen).toBe(true);
  origin.change('worse', 'pipeline.yaml', pipeline(3));
  const workspace = origin.checkout('worse');
  for (const each of experiment.cache.paths) {
    const kept = path.join(origin.cache, each);
    if (existsSync(kept)) cpSync(kept, path.join(workspace, each), { recursive: true });
  }
  const run = (line: string) =>
    spawnSync('bash', ['-c', line.replaceAll('npx --no-install repro', command)], {
      cwd: workspace,
      env: { PATH: process.env['PATH'], HOME: workspace, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
      encoding: 'utf8',
    });
  expect(experiment.script.map((line) => run(line).status)).toEqual([3]);
  expect(experiment.after_script.map((line) => run(line).status)).toEqual([3, 0, 0]);
  expect(readFileSync(path.join(workspace, 'artifacts/diff.md'), 'utf8')).toContain('parameter rate 1 → 3');
  expect(readFileSync(path.join(workspace, experiment.artifacts.reports.junit), 'utf8')).toContain('<testsuite');
});
interface GitLabJob {
  readonly cache: { readonly paths: readonly string[] };
  readonly script: readonly string[];
  readonly after_script: readonly string[];
  readonly artifacts: { readonly reports: { readonly junit: string } };
}

test('the image is made by what there is', () => {
  // Docker, too, leaves out lines that are comments, those of a longer command included.
  const lines = readFileSync(path.join(repository, 'Dockerfile'), 'utf8')
    .replace(/^\s*#.*\n/gm, '')
    .replaceAll('\\\n', ' ');
  const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'ENTRYPOINT', 'CMD'];
  const words = lines.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')[0]!]));
  expect(words.filter((word) => !known.includes(word))).toEqual([]);
  for (const [, line] of lines.matchAll(/^RUN (.*)$/gm)) {
    expect(spawnSync('sh', ['-n', '-c', line!]).status, line).toBe(0);
  }
  const { scripts } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as Package;
  const called = [...lines.matchAll(/npm run (\w+)/g)].map(([, name]) => name!);
  expect(called.filter((name) => !(name in scripts))).toEqual([]);
});
interface Package {
  readonly scripts: Readonly<Record<string, string>>;
}
