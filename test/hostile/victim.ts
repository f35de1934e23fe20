// A project that campaigns do their worst to, and what is expected of every command whatever was done.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory, type TemporaryDirectory } from '../rig/temporary.ts';
import type { Tally } from './campaign.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');

const number = (value: string): string =>
  `echo "{\\"value\\": {\\"value\\": ${value}, \\"unit\\": \\"1\\", \\"kind\\": \\"exact\\"}}" > n.json\n`;

/** `make` and both `use` report n, `join` adds 2 to it. */
export const files = {
  'pipeline.yaml': `name: victim
params: { n: 0 }
stages:
  make: { run: [sh, make.sh], code: [make.sh], params: [n], outputs: { data: data.txt, tree: tree/ }, numbers: n.json }
  use:
    run: use.mjs
    matrix: { i: [1, 2] }
    inputs: { data: make.data, tree: make.tree }
    outputs: { result: result.txt }
    numbers: n.json
  join:
    run: [sh, join.sh]
    code: [join.sh]
    inputs: { all: "use[*].result", tree: make.tree }
    outputs: { sum: sum.txt }
    numbers: n.json
gates:
  small: { number: join.value, max: 1000000 }
`,
  'make.sh': `n=$(sed -n 's/^ *"n": \\([0-9]*\\).*/\\1/p' stage.json)
mkdir -p tree/deep; echo made $n; echo $n > data.txt; echo $n > tree/deep/n.txt; echo same > tree/same.txt
${number('$n')}`,
  'use.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const value = Number(readFileSync(inputs.data, 'utf8'));
console.log('using', value);
writeFileSync(outputs.result, String(value));
writeFileSync(numbers, JSON.stringify({ value: { value, unit: '1', kind: 'exact' } }));
`,
  'join.sh': `n=$(cat ../inputs/tree/tree/deep/n.txt); cat ../inputs/all/*/result.txt > sum.txt\n${number('$((n + 2))')}`,
};

export interface Ended {
  readonly words: readonly string[];
  readonly code: number | null;
  readonly output: string;
}

export interface How {
  readonly node?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A program that starts it, with the words before its own. */
  readonly within?: readonly string[];
}

/** No command takes as long, whatever was done to its project. */
const hangs = 120_000;

export class Victim implements Disposable {
  readonly root: string;
  readonly #directory: TemporaryDirectory;

  constructor(more: Readonly<Record<string, string>> = {}) {
    this.#directory = temporaryDirectory({ ...files, ...more });
    this.root = this.#directory.path;
  }

  path(inside: string): string {
    return join(this.root, inside);
  }

  read(inside: string): string {
    return readFileSync(this.path(inside), 'utf8');
  }

  /** Runs the real command to its end. Its code is null when it was killed, or would not end. */
  async repro(words: readonly string[], { node = [], environment = {}, within = [] }: How = {}): Promise<Ended> {
    const line = [...within, process.execPath, ...node, join(repository, 'bin/repro.js'), ...words];
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, LANG: 'C.UTF-8', TZ: 'UTC', NO_COLOR: '1', ...environment };
    const child = spawn(line[0]!, line.slice(1), { cwd: this.root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
    const timer = setTimeout(() => child.kill('SIGKILL'), hangs);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    return { words, code, output };
  }

  /** The project as another directory has it, put back. */
  copyFrom(other: string): void {
    cpSync(other, this.root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

/** A command may fail; it may not crash, hang, or write what a terminal obeys. */
export function expectSane(tally: Tally, round: number, { words, code, output }: Ended, after: string): void {
  const ended = `repro ${words.join(' ')} after ${after}: ${String(code)}\n${output.slice(-2000)}`;
  tally.count('commands');
  tally.expect([0, 1, 2, 3, 4, 130].includes(code ?? -1), round, () => `ended otherwise: ${ended}`);
  tally.expect(!/bug of repro|Internal error/.test(output), round, () => `called a bug: ${ended}`);
  // eslint-disable-next-line no-control-regex -- what must not reach a terminal
  tally.expect(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(output), round, () => `wrote control codes: ${ended}`);
}

/** The next run is complete and its numbers are right, `verify` has nothing to say, and nothing is left. */
export async function expectHealed(
  tally: Tally,
  round: number,
  victim: Victim,
  n: number,
  after: string,
): Promise<void> {
  const run = await victim.repro(['run', '--set', `n=${n}`]);
  expectSane(tally, round, run, after);
  tally.expect(run.code === 0, round, () => `did not heal after ${after}: ${run.output.slice(-3000)}`);
  if (run.code !== 0) return;
  const manifest = JSON.parse(victim.read('artifacts/manifest.json')) as {
    numbers: { address: string; number: { value: number } }[];
  };
  const found = Object.fromEntries(manifest.numbers.map(({ address, number: { value } }) => [address, value]));
  const right = { 'make.value': n, 'use[i=1].value': n, 'use[i=2].value': n, 'join.value': n + 2 };
  tally.expect(JSON.stringify(found) === JSON.stringify(right), round, () => {
    return `wrong numbers after ${after}: ${JSON.stringify(found)}`;
  });
  const verified = await victim.repro(['verify']);
  tally.expect(verified.code === 0, round, () => `verify after ${after}: ${verified.output.slice(-3000)}`);
  const left = ['work', 'tmp'].flatMap((folder) =>
    existsSync(victim.path(`.repro/${folder}`))
      ? readdirSync(victim.path(`.repro/${folder}`)).map((name) => `${folder}/${name}`)
      : [],
  );
  if (existsSync(victim.path('.repro/lock'))) left.push('lock');
  tally.expect(left.length === 0, round, () => `left ${left.join(', ')} after ${after}`);
}
