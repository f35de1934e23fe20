// `repro gc`: what the store holds for no run that is kept; with --delete it goes.
import { type ExitCode, exitCode } from '../error.ts';
import { deleteGarbage, findGarbage, latestStages } from '../manifest/garbage.ts';
import { deleteLeftovers, findLeftovers, keptDays } from '../manifest/leftovers.ts';
import { stageNames } from '../project/stage-names.ts';
import { findRemains } from '../runner/outputs/remains.ts';
import { systemClock } from '../runner/process/clock.ts';
import { endLeftovers } from '../runner/process/work-directory.ts';
import { openStore } from '../store/store.ts';
import { open } from './open.ts';
import type { GcOptions } from './options.ts';
import { gcRemote } from './gc-remote.ts';
import { gcSecrets } from './gc-secrets.ts';
import { garbageLines } from './view/garbage-lines.ts';
import { print, printJson } from './view/print.ts';

export async function gcVerb(options: GcOptions): Promise<ExitCode> {
  if (options.remote !== undefined) return gcRemote({ ...options, remote: options.remote });
  const project = open(options);
  const store = openStore(project.root);
  const now = systemClock.now();
  const since = options.olderThan === undefined ? null : daysBefore(now, options.olderThan);
  // A run that is going on has objects that no record names yet.
  using _lock = options.delete
    ? await store.lock({ since: now, wait: options.wait ?? false, onWait: () => print('Waiting for a run to end') })
    : null;
  if (options.secrets) return gcSecrets(store, { delete: options.delete ?? false, json: options.json ?? false });
  const garbage = findGarbage(store, { keep: options.keep ?? null, since, now });
  const stages = await stageNames(project);
  const leftovers = findLeftovers(store, {
    since: since ?? daysBefore(now, keptDays),
    stages: stages && stages.identities,
  });
  // What the latest manifest says is published must stay so.
  const remains = stages && (await findRemains(store, new Set([...stages.names, ...latestStages(store)])));
  if (options.delete) {
    deleteGarbage(store, garbage.heap);
    // A stage may have outlived its runner.
    if (leftovers.some(({ isKept }) => !isKept)) await endLeftovers(store);
    deleteLeftovers(store, leftovers);
    await remains?.remove();
  }
  const files = remains?.files ?? [];
  if (options.json) printJson({ ...garbage, leftovers, artifacts: files, deleted: options.delete ?? false });
  else {
    for (const message of store.takeDamage()) print(`warning: ${message}`);
    if (stages === null)
      print('warning: the pipeline file cannot be read: what is left of removed stages is not known');
    for (const line of garbageLines({ ...garbage, leftovers, remains }, options.delete ?? false)) print(line);
  }
  return exitCode.ok;
}

function daysBefore(now: string, days: number): string {
  return new Date(Date.parse(now) - days * 24 * 3600 * 1000).toISOString();
}
