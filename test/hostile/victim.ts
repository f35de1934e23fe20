// A project that campaigns do their worst to, and what is expected of every command whatever was done.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fourStages, valuesOf } from '../rig/four-stages.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../rig/temporary.ts';
import type { Tally } from './campaign.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');

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
    this.#directory = temporaryDirectory({ ...fourStages('module'), ...more });
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
  const right = Object.fromEntries(Object.entries(valuesOf(n)).map(([cell, value]) => [`${cell}.value`, value]));
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
