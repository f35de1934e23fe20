// A project whose stages run on a Slurm of the test's own, through the real command line.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '../../src/runner/event.ts';
import type { Manifest, StageRecord } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';
import type { Background, CommandResult } from '../rig/rig.ts';
import type { Slurm } from '../rig/slurm.ts';

export interface ClusterProject extends AsyncDisposable {
  readonly rig: Rig;
  run(...words: string[]): Promise<CommandResult & { readonly events: RunEvent[] }>;
  /** Starts a run; `events` are those so far. */
  start(words?: readonly string[], environment?: Record<string, string>): Background & { readonly events: RunEvent[] };
  record(stage: string): StageRecord;
}

/** `configuration` is of the executor `cluster`, on which every stage runs. */
export async function clusterProject(
  slurm: Slurm,
  stages: string,
  { configuration = '', files = {} }: { configuration?: string; files?: Readonly<Record<string, string>> } = {},
): Promise<ClusterProject> {
  const rig = await Rig.create({
    'pipeline.yaml': `name: test\nstages:\n${stages}`,
    'repro.config.yaml': `executors: { cluster: { kind: slurm, ${configuration} } }\nuse: { '*': cluster }\n`,
    ...files,
  });
  const environment = { ...slurm.environment, XDG_CONFIG_HOME: join(rig.root, 'none') };
  const start = (
    words: readonly string[] = [],
    more: Record<string, string> = {},
  ): Background & { readonly events: RunEvent[] } => {
    const events: RunEvent[] = [];
    let rest = '';
    const onOutput = (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      events.push(...lines.flatMap((line) => (line.startsWith('{"kind"') ? [JSON.parse(line) as RunEvent] : [])));
    };
    const started = rig.startWith({ environment: { ...environment, ...more }, onOutput }, 'run', '--json', ...words);
    return { ...started, events };
  };
  return {
    rig,
    start,
    run: async (...words) => {
      const { result, events } = start(words);
      return { ...(await result), events };
    },
    record: (stage) => {
      const { stages: all } = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
      const { record } = all.find(({ id }) => id === stage) as { record?: StageRecord };
      if (record === undefined) throw new Error(`${stage} has no record`);
      return record;
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** Waits until something is so; the test's own time limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(50);
}

/** Jobs that are waiting or running. */
export async function liveJobs(slurm: Slurm): Promise<string[]> {
  return (await slurm.ask('squeue', '-h', '-r', '-o', '%i %j %T')).split('\n').filter(Boolean);
}

/** Lines of a file; none while it is not there. */
export function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
