// `npm run bench runner`: the built command beside other runners on the same graph. In a cold run all stages are executed,
// in a no-op nothing has changed since, in a change one file that one stage reads. Rounds of all tools take turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { busyText, load, resultsFile, revision, thisMachine, type Machine } from './machine.ts';
import { peakMbIn, PEAK_PROBE } from './peak.ts';
import { median, medianRatio } from './ratio.ts';
import { changed, layeredGraph, outputText, sourceTexts, type Graph } from './runner-graph.ts';
import { buildOurs, findPeers, writeProject, type Command, type Tool, type Tools } from './runner-tools.ts';

export interface RunnerOptions {
  /** Names of cases, such as `no-op 1000`; all without any. */
  readonly only: readonly string[];
  readonly sizes: readonly number[];
  /** Names of the peers that take part; all without any. */
  readonly peers: readonly string[];
  readonly cold: boolean;
  readonly rounds: number;
  /** Seconds that one tool may take for the rounds of one case. */
  readonly limit: number;
  /** Seconds for the run that a no-op needs before it, where that is more. */
  readonly prepare: number;
  readonly force: boolean;
}

export interface RunnerCase {
  /** `cold 1000`, `no-op 1000` or `change 1000`. */
  readonly case: string;
  readonly stages: number;
  /** Milliseconds, medians over the rounds; null where `notes` says why. */
  readonly oursMs: number | null;
  readonly peers: Readonly<Record<string, number | null>>;
  readonly notes: Readonly<Record<string, string>>;
  /** 95% intervals of the ratio of ours to a peer's, over the rounds that both had; absent in older results. */
  readonly intervals?: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** Rounds that each tool had time for. */
  readonly rounds: Readonly<Record<string, number>>;
  /** The most memory of our process that was resident, without those of stages. */
  readonly peakMb: number | null;
  /** The load average before. */
  readonly load: number;
}

export interface RunnerResults {
  readonly machine: Machine & { readonly versions: Readonly<Record<string, string>> };
  readonly commit: string;
  readonly cases: readonly RunnerCase[];
}

const ROUNDS_TO_KEEP = 3;
/** Until what the last tool left running has ended. */
const SETTLE_MS = 50;
const results = resultsFile('runner');

export function readRunner(): RunnerResults | undefined {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as RunnerResults;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Measures the cases one after the other, hands each to `show` and keeps it in bench/results/runner.json. */
export async function benchRunner(options: RunnerOptions, show: (result: RunnerCase) => void): Promise<void> {
  const busy = busyText();
  if (busy !== undefined && !options.force) throw new Error(`${busy}, or measure nevertheless with --force`);
  if (busy !== undefined) console.log(`Warning: ${busy}\n`);
  const names = options.sizes.flatMap((size) => [`cold ${size}`, `no-op ${size}`, `change ${size}`]);
  const unknown = options.only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`No case "${unknown}": the cases are ${names.join(', ')}`);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'repro-bench-')));
  try {
    const commit = revision();
    const tools: Tools = { ours: await buildOurs(join(folder, 'ours')), ...findPeers(join(folder, 'npm')) };
    const versions: Record<string, string> = {};
    for (const [name, tool] of Object.entries(tools)) {
      if (typeof tool === 'string') console.log(`${name}: ${tool}`);
      else if (name !== 'ours') versions[name] = tool.version;
    }
    const machine = { ...thisMachine(), versions };
    const absent = options.peers.find((name) => !(name in tools));
    if (absent !== undefined)
      throw new Error(`No peer "${absent}": there is ${Object.keys(tools).slice(1).join(', ')}`);
    const takesPart = (name: string): boolean =>
      name === 'ours' || options.peers.length === 0 || options.peers.includes(name);
    const chosen = Object.fromEntries(Object.entries(tools).filter(([name]) => takesPart(name)));
    const bench = new RunnerBench(chosen, folder, options);
    for (const size of options.sizes) {
      for await (const result of bench.measure(size)) {
        show(result);
        if (options.rounds >= ROUNDS_TO_KEEP) keep({ machine, commit, cases: [result] });
      }
    }
    if (options.rounds < ROUNDS_TO_KEEP) console.log(`\nNot kept: ${options.rounds} rounds are too few`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Adds cases to the kept ones, or starts anew where those are of another machine, commit, or other versions. */
function keep({ machine, commit, cases }: RunnerResults): void {
  const old = readRunner();
  const isSame = old?.commit === commit && isDeepStrictEqual(old.machine, machine);
  const kept = isSame ? old.cases.filter((result) => !cases.some((next) => next.case === result.case)) : [];
  const ordered = [...kept, ...cases].sort((a, b) => a.stages - b.stages);
  mkdirSync(dirname(results), { recursive: true });
  writeFileSync(results, JSON.stringify({ machine, commit, cases: ordered }, undefined, 2) + '\n');
}

/** Milliseconds of a tool's rounds in a case, and why there are no more. */
interface Times {
  readonly ms: number[];
  peakMb: number | null;
  note: string | undefined;
}
type Measured = ReadonlyMap<string, Times>;

class RunnerBench {
  readonly #tools: Tools;
  readonly #folder: string;
  readonly #options: RunnerOptions;
  /** Milliseconds a stage, or more, in the last graph that a tool was given. */
  readonly #stageMs = new Map<string, number>();

  constructor(tools: Tools, folder: string, options: RunnerOptions) {
    this.#tools = tools;
    this.#folder = folder;
    this.#options = options;
  }

  /** The cases of one size that are asked for: cold, then no-op, then change. */
  async *measure(size: number): AsyncGenerator<RunnerCase> {
    const { only } = this.#options;
    const isAsked = (name: string): boolean => only.length === 0 || only.includes(name);
    const [coldName, noOpName, changeName] = [`cold ${size}`, `no-op ${size}`, `change ${size}`];
    const isCold = this.#options.cold && isAsked(coldName);
    const [isNoOp, isChange] = [isAsked(noOpName), isAsked(changeName)];
    const graph = layeredGraph(size);
    const before = load();

    const ready = new Set<string>();
    const cold = await this.#cold(graph, isCold, isNoOp || isChange, ready);
    if (isCold) yield this.#result(coldName, size, cold, before);
    if (isNoOp) {
      const noOp = await this.#noOp(graph, cold, ready);
      yield this.#result(noOpName, size, noOp, before);
      // What it costs to start is not a stage's.
      for (const [name, ms] of this.#stageMs) this.#stageMs.set(name, ms - (noOp.get(name)!.ms[0] ?? 0) / size);
    }
    if (isChange) yield this.#result(changeName, size, await this.#change(graph, cold, ready), before);
    rmSync(join(this.#folder, 'projects'), { recursive: true, force: true, maxRetries: 3 });
  }

  /**
   * Rounds in new projects; only one, and only of tools that need it, where it is no case but a preparation for no-op.
   * Tools whose project is up to date in the end are put into `ready`.
   */
  async #cold(graph: Graph, isCase: boolean, isPreparation: boolean, ready: Set<string>): Promise<Measured> {
    const size = graph.stages.length;
    const limitMs = this.#options.limit * 1000;
    const measured = this.#nothing();
    for (let round = 0; round < (isCase ? this.#options.rounds : 1); round++) {
      for (const [name, tool, times] of this.#takingPart(measured, limitMs)) {
        const prepares = round === 0 && isPreparation && tool.dryRun === undefined;
        if (!isCase && !prepares) continue;
        const mostMs = prepares ? Math.max(limitMs, this.#options.prepare * 1000) : limitMs;
        const expectedMs = (this.#stageMs.get(name) ?? 0) * size;
        if (round === 0 && expectedMs > mostMs) {
          times.note = `gave up: ${Math.round(expectedMs / 1000)} s or more to expect`;
          continue;
        }
        ready.delete(name);
        const project = this.#newProject(tool, graph, name);
        const ended = await execute(tool.run(project), project, mostMs, name === 'ours');
        if (ended.isGivenUp || ended.problem === undefined) this.#stageMs.set(name, ended.ms / size);
        if (!this.#isFine(name, times, ended, outputProblem(tool, graph, project, 0))) continue;
        ready.add(name);
        times.peakMb = Math.max(times.peakMb ?? 0, ended.peakMb ?? 0);
        if (ended.ms <= limitMs) times.ms.push(ended.ms);
        else times.note = `${Math.round(ended.ms / 1000)} s, over the limit of ${limitMs / 1000} s`;
      }
    }
    return measured;
  }

  /** Rounds in the projects that are up to date, after one to warm up. */
  async #noOp(graph: Graph, cold: Measured, ready: ReadonlySet<string>): Promise<Measured> {
    const limitMs = this.#options.limit * 1000;
    const measured = this.#nothing();
    for (let round = 0; round <= this.#options.rounds; round++) {
      for (const [name, tool, times] of this.#takingPart(measured, limitMs)) {
        const { dryRun } = tool;
        if (dryRun === undefined && !ready.has(name)) {
          times.note = cold.get(name)!.note!;
          continue;
        }
        const isWarmUp = round === 0;
        const project = isWarmUp && !ready.has(name) ? this.#newProject(tool, graph, name) : this.#project(name);
        const written = (): number => (dryRun === undefined ? latestOutput(tool, graph, project) : 0);
        const before = written();
        const ended = await execute((dryRun ?? tool.run)(project), project, limitMs, isWarmUp && name === 'ours');
        if (!this.#isFine(name, times, ended, written() === before ? undefined : 'executed stages again')) continue;
        if (isWarmUp) times.peakMb = ended.peakMb;
        else times.ms.push(ended.ms);
      }
    }
    return measured;
  }

  /** Rounds in the projects that are up to date but for one file, which is another text in each. */
  async #change(graph: Graph, cold: Measured, ready: ReadonlySet<string>): Promise<Measured> {
    const measured = this.#nothing();
    const others = { ...graph, stages: graph.stages.slice(0, -1) };
    // The first round warms up, and tells the memory.
    for (let round = 1; round <= this.#options.rounds + 1; round++) {
      for (const [name, tool, times] of this.#takingPart(measured, this.#options.limit * 1000)) {
        if (!ready.has(name)) {
          times.note = cold.get(name)!.note ?? '-';
          continue;
        }
        const isWarmUp = round === 1;
        const project = this.#project(name);
        writeFileSync(join(project, changed), sourceTexts(round)[changed]!);
        const before = latestOutput(tool, others, project);
        const ended = await execute(
          tool.run(project),
          project,
          this.#options.limit * 1000,
          isWarmUp && name === 'ours',
        );
        const isOneRun = latestOutput(tool, others, project) === before;
        const problem = isOneRun ? outputProblem(tool, graph, project, round) : 'executed more than one stage';
        if (!this.#isFine(name, times, ended, problem)) continue;
        if (isWarmUp) times.peakMb = ended.peakMb;
        else times.ms.push(ended.ms);
      }
    }
    return measured;
  }

  /** Notes what went wrong, and throws an Error when it is ours that failed. */
  #isFine(name: string, times: Times, ended: Ended, problem: string | undefined): boolean {
    times.note = ended.problem ?? problem;
    if (times.note !== undefined && name === 'ours' && !ended.isGivenUp) throw new Error(`Ours ${times.note}`);
    return times.note === undefined;
  }

  #result(name: string, stages: number, measured: Measured, before: number): RunnerCase {
    const value = ({ ms }: Times): number | null => (ms.length === 0 ? null : Number(median(ms).toPrecision(4)));
    const entries = [...measured];
    const ours = measured.get('ours')!;
    return {
      case: name,
      stages,
      oursMs: value(ours),
      peers: Object.fromEntries(
        entries.filter(([tool]) => tool !== 'ours').map(([tool, times]) => [tool, value(times)]),
      ),
      notes: Object.fromEntries(entries.flatMap(([tool, { note }]) => (note === undefined ? [] : [[tool, note]]))),
      intervals: Object.fromEntries(
        entries.flatMap(([tool, { ms }]) => {
          const n = Math.min(ms.length, ours.ms.length);
          if (tool === 'ours' || n === 0) return [];
          const { interval } = medianRatio(ours.ms.slice(0, n), ms.slice(0, n));
          return [[tool, interval.map((value) => Number(value.toPrecision(4))) as [number, number]]];
        }),
      ),
      rounds: Object.fromEntries(entries.map(([tool, { ms }]) => [tool, ms.length])),
      peakMb: ours.peakMb,
      load: before,
    };
  }

  /** Tools that are there, had no trouble, and have time for one more round. */
  *#takingPart(measured: Measured, limitMs: number): Generator<[string, Tool, Times]> {
    for (const [name, times] of measured) {
      const tool = this.#tools[name]!;
      if (typeof tool !== 'string' && times.note === undefined && !isOver(times, limitMs)) yield [name, tool, times];
    }
  }

  #nothing(): Measured {
    const times = (tool: Tool | string): Times => ({
      ms: [],
      peakMb: null,
      note: typeof tool === 'string' ? tool : undefined,
    });
    return new Map(Object.entries(this.#tools).map(([name, tool]) => [name, times(tool)]));
  }

  #project(name: string): string {
    return join(this.#folder, 'projects', name);
  }

  #newProject(tool: Tool, graph: Graph, name: string): string {
    const project = this.#project(name);
    rmSync(project, { recursive: true, force: true, maxRetries: 3 });
    writeProject(tool, graph, project, sourceTexts(0));
    return project;
  }
}

/** Whether another round may take a tool beyond the limit. */
function isOver({ ms }: Times, limitMs: number): boolean {
  return ms.length > 0 && ms.reduce((sum, each) => sum + each, 0) + ms.at(-1)! > limitMs;
}

interface Ended {
  readonly ms: number;
  readonly problem?: string;
  readonly isGivenUp: boolean;
  readonly peakMb: number | null;
}

/** Runs a command to its end or the limit, from the start of its process on. */
async function execute(command: Command, directory: string, limitMs: number, isProbed: boolean): Promise<Ended> {
  await wait(SETTLE_MS);
  const begin = performance.now();
  const child = spawn(command.program, [...(isProbed ? ['--import', PEAK_PROBE] : []), ...command.words], {
    cwd: directory,
    env: { ...plainEnvironment(), ...command.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that the limit ends what it started too.
    detached: true,
  });
  let isGivenUp = false;
  const timer = setTimeout(() => {
    isGivenUp = true;
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }, limitMs);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (errors = (errors + text).slice(-2000)));
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const ms = performance.now() - begin;
  clearTimeout(timer);
  await closed;
  const peakMb = peakMbIn(errors);
  if (isGivenUp) return { ms, problem: `gave up after ${limitMs / 1000} s`, isGivenUp, peakMb };
  if (code === 0) return { ms, isGivenUp, peakMb };
  const last = errors.trim().split('\n').at(-1);
  return { ms, problem: `failed with ${code ?? signal}: ${last}`, isGivenUp, peakMb };
}

/** Without what npm tells the scripts that it starts: it would tell the peers, too. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|MAKEFLAGS$|CI$)/.test(name)),
  );
}

/** What is wrong with the outputs after a run, or undefined when every stage wrote what it should. */
function outputProblem(tool: Tool, graph: Graph, project: string, round: number): string | undefined {
  const texts = sourceTexts(round);
  const wrong = graph.stages.find((stage) => {
    try {
      return readFileSync(join(project, tool.output(stage.id)), 'utf8') !== outputText(stage, texts);
    } catch {
      return true;
    }
  });
  return wrong && `did not write what it should in stage ${wrong.id}`;
}

/** When the newest output was written. */
function latestOutput(tool: Tool, graph: Graph, project: string): number {
  return graph.stages.reduce((latest, { id }) => Math.max(latest, statSync(join(project, tool.output(id))).mtimeMs), 0);
}
