// Where a benchmark ran, and whether it had the machine to itself.
import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
}

/** Above this share of the cores busy over the last minute, times say more about the neighbors than about us. */
const BUSY = 0.25;

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
  };
}

/** Load average of the last minute. */
export function load(): number {
  return Math.round(loadavg()[0]! * 100) / 100;
}

/** What is wrong with measuring now, or undefined on a quiet machine. */
export function busyText(): string | undefined {
  const limit = BUSY * availableParallelism();
  return load() <= limit
    ? undefined
    : `The load average is ${load()} and should be at most ${limit}: wait until the machine is quiet`;
}

/** The commit that is measured, with a plus when files under src, stages or bench differ from it. */
export function revision(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'stages', 'bench', ':!bench/results') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
  } catch {
    return 'unknown';
  }
}

/** The file of a subject's results: in bench/results, or in the folder that a check has for what it measures. */
export function resultsFile(subject: string): string {
  const folder = process.env['BENCH_RESULTS'];
  return join(folder === undefined ? keptResults : folder, `${subject}.json`);
}

export const keptResults = fileURLToPath(new URL('results', import.meta.url));
