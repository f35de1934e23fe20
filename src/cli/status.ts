// `repro status`: what a run would do, found by the same fingerprints, running nothing.
import { type ExitCode, exitCode } from '../error.ts';
import { onAbort } from './abort.ts';
import { open } from './open.ts';
import type { StatusOptions } from './options.ts';
import { cellDocument, statusLines } from './view/inspection-lines.ts';
import { complain, print, printJson } from './view/print.ts';

export async function statusVerb(options: StatusOptions): Promise<ExitCode> {
  using abort = options.remote === undefined ? null : onAbort();
  const { plan, cells, damage, atWork } = await open(options).status({
    ...options,
    ...(abort && { signal: abort.signal }),
  });
  for (const message of damage) complain(`warning: of no use there: ${message}`);
  const remote = options.remote ?? null;
  if (options.json) {
    const stages = cells.map(cellDocument);
    printJson({
      pipeline: plan.name,
      profile: plan.profile,
      ...(remote !== null && { remote, damage }),
      atWork,
      stages,
    });
  } else for (const line of statusLines(cells, { remote, atWork })) print(line);
  const isCurrent = cells.every(({ state }) => state.kind === 'current' || state.kind === 'remote');
  return options.exitCode && !isCurrent ? exitCode.mismatch : exitCode.ok;
}
