// `npm run bench remote`: runs pushed and fetched, beside programs that copy the very same files, and what a remote costs a
// run that has nothing to do. In each round everybody takes a turn, against a server that was just started.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { busyText, load, resultsFile, revision, thisMachine, type Machine } from './machine.ts';
import { median, medianRatio } from './ratio.ts';
import { type Line, makeBucket, type Server, servers } from './remote-servers.ts';
import { buildOurs } from './runner-tools.ts';

export interface RemoteOptions {
  /** Only cases whose name contains one of these. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly force: boolean;
  /** Results of the run with many. */
  readonly results: number;
  /** Of the one large output. */
  readonly megabytes: number;
}

export interface RemoteCase {
  readonly case: string;
  readonly files: number;
  readonly megabytes: number;
  readonly rounds: number;
  readonly load: number;
  readonly oursS: number;
  /** By name: the median, and ours over it with its 95% interval. */
  readonly peers: Readonly<Record<string, { readonly s: number; readonly ratio: number; readonly interval: readonly [number, number] }>>; // prettier-ignore
  /** Beyond those of the peer; only of a run with nothing to do. */
  readonly requests?: number;
}

export interface RemoteResults {
  readonly machine: Machine & { readonly versions: Readonly<Record<string, string>> };
  readonly commit: string;
  readonly cases: readonly RemoteCase[];
}

const kept = resultsFile('remote');
const ROUNDS_TO_KEEP = 3;

/** A run that is pushed. */
interface Project {
  readonly name: string;
  readonly root: string;
  readonly run: string;
  /** The same files as a push sends, in a directory. */
  readonly mirror: string;
}

export async function benchRemote(options: RemoteOptions, show: (result: RemoteCase) => void): Promise<void> {
  const busy = busyText();
  if (busy !== undefined && !options.force) throw new Error(`${busy}, or measure nevertheless with --force`);
  if (busy !== undefined) console.log(`Warning: ${busy}\n`);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'repro-bench-')));
  try {
    await buildOurs(join(folder, 'ours'));
    const bench = new RemoteBench(folder, options);
    const machine = { ...thisMachine(), versions: await versions() };
    const commit = revision();
    for await (const result of bench.measure()) {
      show(result);
      if (options.rounds >= ROUNDS_TO_KEEP) keep({ machine, commit, cases: [result] });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function versions(): Promise<Record<string, string>> {
  const first = async (program: string): Promise<string> => {
    const { stdout } = await promisify(execFile)(program, ['--version']).catch(() => ({ stdout: '' }));
    return /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? '-';
  };
  return { rclone: await first('rclone'), aws: await first('aws') };
}

class RemoteBench {
  readonly #folder: string;
  readonly #options: RemoteOptions;

  constructor(folder: string, options: RemoteOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async *measure(): AsyncGenerator<RemoteCase> {
    const { only, results, megabytes } = this.#options;
    const isChosen = (name: string): boolean => only.length === 0 || only.some((part) => name.includes(part));
    const many = { name: `${results.toLocaleString('en')} results`, stages: results, bytes: 10_000 };
    const large = { name: `one of ${megabytes.toLocaleString('en')} MB`, stages: 1, bytes: megabytes * 1e6 };
    for (const { name, stages, bytes } of [many, large]) {
      const chosen = Object.keys(servers).filter((server) => isChosen(`${server} ${name}`));
      if (chosen.length === 0) continue;
      const project = await this.#project(name, stages, bytes);
      for (const server of chosen) {
        const { missing } = servers[server]!;
        if (missing.length > 0) console.log(`${server}: not here, needs ${missing.join(', ')}`);
        else yield* this.#transfers(server, project);
      }
    }
    if (isChosen('no-op') && servers['nginx']!.missing.length === 0) yield await this.#noOp();
  }

  /** A project whose run is complete, and what a push of it sends. */
  async #project(name: string, stages: number, bytes: number): Promise<Project> {
    const root = join(this.#folder, `project-${stages}`);
    const mirror = join(this.#folder, `mirror-${stages}`);
    mkdirSync(root);
    mkdirSync(mirror);
    writeProject(root, stages, bytes, `url: 'file:${mirror}'`);
    await this.#ours(root, {}, 'run');
    await this.#ours(root, {}, 'push');
    const { run } = JSON.parse(readFileSync(join(root, 'artifacts/manifest.json'), 'utf8')) as { run: { id: string } };
    return { name, root, run: run.id, mirror };
  }

  async *#transfers(name: string, project: Project): AsyncGenerator<RemoteCase> {
    const before = load();
    const push = new Map<string, number[]>();
    const fetch = new Map<string, number[]>();
    for (let round = 0; round < this.#options.rounds; round += 1) {
      await using server = await servers[name]!.start();
      if (name === 'ceph') await timed(makeBucket, this.#folder, server.environment);
      const order = ['ours', ...Object.keys(server.peers)];
      // Who is first meets a server that has done nothing yet.
      const turn = [...order.slice(round % order.length), ...order.slice(0, round % order.length)];
      for (const who of turn) add(push, who, await this.#push(who, server, project));
      for (const who of turn) add(fetch, who, await this.#fetch(who, server, project));
    }
    const files = filesBelow(project.mirror);
    const size = { files: files.length, megabytes: Math.round(files.reduce((sum, each) => sum + statSync(each).size, 0) / 1e6) }; // prettier-ignore
    for (const [what, times] of [['push', push], ['fetch', fetch]] as const) {
      yield { case: `${what} ${project.name}, ${name}`, ...size, ...summary(times), load: before };
    } // prettier-ignore
  }

  async #push(who: string, server: Server, { root, mirror }: Project): Promise<number> {
    if (who !== 'ours') return timed(server.peers[who]!.push(mirror), this.#folder, server.environment);
    writeFileSync(join(root, 'repro.config.yaml'), configuration(server.declaration));
    return this.#ours(root, server.environment, 'push');
  }

  async #fetch(who: string, server: Server, { root, run, mirror }: Project): Promise<number> {
    const to = mkdtempSync(join(this.#folder, 'fetched-'));
    try {
      if (who !== 'ours') {
        const seconds = await timed(server.peers[who]!.fetch(to), this.#folder, server.environment);
        if (filesBelow(to).length !== filesBelow(mirror).length) throw new Error(`${who} did not bring all files`);
        return seconds;
      }
      for (const file of ['pipeline.yaml', 'make.sh', 'repro.config.yaml']) {
        writeFileSync(join(to, file), readFileSync(join(root, file)));
      }
      return await this.#ours(to, server.environment, 'fetch', run);
    } finally {
      rmSync(to, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /** Rounds of a run with nothing to do, with a remote and without. */
  async #noOp(): Promise<RemoteCase> {
    const before = load();
    await using server = await servers['nginx']!.start();
    const root = join(this.#folder, 'no-op');
    mkdirSync(root);
    writeProject(root, 100, 10_000, server.declaration);
    await this.#ours(root, {}, 'run');
    await this.#ours(root, {}, 'push');
    const times = new Map<string, number[]>();
    const asked = server.requests()!;
    const rounds = Math.max(this.#options.rounds, 20);
    for (let round = 0; round <= rounds; round += 1) {
      const arms: [string, string[]][] = [['ours', ['run', '--remote', 'bench']], ['without', ['run']]]; // prettier-ignore
      for (const [who, words] of round % 2 === 0 ? arms : arms.toReversed()) {
        const seconds = await this.#ours(root, {}, ...words);
        if (round > 0) add(times, who, seconds);
      }
    }
    const requests = (server.requests()! - asked) / (rounds + 1);
    return { case: 'no-op of 100 stages, nginx', files: 0, megabytes: 0, ...summary(times), requests, load: before };
  }

  #ours(root: string, environment: Readonly<Record<string, string>>, ...words: string[]): Promise<number> {
    const line = { program: process.execPath, words: [join(this.#folder, 'ours/bin/repro.js'), ...words] };
    return timed(line, root, environment);
  }
}

/** Seconds of a process from start to end. */
export async function timed({ program, words }: Line, cwd: string, environment: Readonly<Record<string, string>>) {
  const begin = performance.now();
  // rclone's S3 does not start where this one is set.
  const { AWS_CA_BUNDLE: _, ...here } = process.env;
  const env = { ...here, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...environment };
  await promisify(execFile)(program, words, { cwd, env, maxBuffer: 1e9 });
  return (performance.now() - begin) / 1000;
}

function writeProject(root: string, stages: number, bytes: number, declaration: string): void {
  const stage = (index: number): string =>
    `  s${index}: { run: [sh, make.sh, '${bytes}', '${index}'], code: [make.sh], outputs: { data: data.bin } }\n`;
  writeFileSync(join(root, 'pipeline.yaml'), `name: bench\nstages:\n${Array.from({ length: stages }, (_, i) => stage(i)).join('')}`); // prettier-ignore
  // Bytes that no server and no client can make fewer.
  writeFileSync(join(root, 'make.sh'), 'head -c "$1" /dev/urandom > data.bin\n');
  writeFileSync(join(root, 'repro.config.yaml'), configuration(declaration));
}

const configuration = (declaration: string): string => `remotes: { bench: { ${declaration}, trust: anyone } }\n`;

export function add(times: Map<string, number[]>, who: string, seconds: number): void {
  times.set(who, [...(times.get(who) ?? []), seconds]);
}

/** Medians of each, and ratios of ours over the others. */
export function summary(times: ReadonlyMap<string, readonly number[]>): Pick<RemoteCase, 'rounds' | 'oursS' | 'peers'> {
  const ours = times.get('ours')!;
  const short = (value: number): number => Number(value.toPrecision(3));
  const peers = [...times].flatMap(([name, seconds]) => {
    if (name === 'ours') return [];
    const { ratio, interval } = medianRatio(ours, seconds);
    return [[name, { s: short(median(seconds)), ratio: short(ratio), interval: [short(interval[0]), short(interval[1])] }]]; // prettier-ignore
  });
  return { rounds: ours.length, oursS: short(median(ours)), peers: Object.fromEntries(peers) as RemoteCase['peers'] };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Adds a case to those kept, or starts anew where they are of another machine or commit. */
function keep({ machine, commit, cases }: RemoteResults): void {
  const old = readRemote();
  const same = old && JSON.stringify([old.machine, old.commit]) === JSON.stringify([machine, commit]);
  const others = (same ? old.cases : []).filter((each) => !cases.some((next) => next.case === each.case));
  writeFileSync(kept, `${JSON.stringify({ machine, commit, cases: [...others, ...cases] }, undefined, 2)}\n`);
}

/** What was measured last, or undefined. */
export function readRemote(): RemoteResults | undefined {
  return existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as RemoteResults) : undefined;
}
