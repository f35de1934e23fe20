// `repro run --serve`: a run in a browser of this machine, while it goes on, and its report when it is over.
import { LiveServer } from '../live/server.ts';
import type { Project } from '../project/project.ts';
import type { RunSummary } from '../project/run-summary.ts';
import { onAbort } from './abort.ts';
import type { RunOptions } from './options.ts';
import { complain, print } from './view/print.ts';

/** Serves the runs of a command, and says where. */
export async function serveRuns({ root }: Project, options: RunOptions): Promise<LiveServer> {
  const server = await LiveServer.open({ root, isWatching: options.watch ?? false });
  // What scripts read stays as it is; who wants to be told only what is wrong has asked for the address too.
  const tell = options.json || options.quiet ? complain : print;
  tell(`live      ${server.url}`);
  return server;
}

/** Waits for a run, and tells pages that are open how it came out. */
export async function showEnd(server: LiveServer, project: Project, run: Promise<RunSummary>): Promise<RunSummary> {
  try {
    const { id, outcome, verdict, isUpToDate } = await run;
    const told = verdict === 'gate' ? 'a gate did not pass' : isUpToDate ? 'up to date' : outcome;
    const makeReport = async () => {
      const { reportText } = await import('./report.ts');
      return reportText(project.root, (await project.manifest(id)).manifest);
    };
    // Who presses Ctrl-C waits for nobody.
    server.end({ outcome: told, isFine: verdict === 'ok' }, verdict === 'interrupted' ? null : makeReport);
  } catch (error) {
    server.end({ outcome: `could not run: ${(error as Error).message}`, isFine: false });
  }
  return run;
}

/** Before the process ends: pages that are open take the report, unless Ctrl-C is pressed again. */
export async function handOver(server: LiveServer): Promise<void> {
  using abort = onAbort();
  await server.handedOver(abort.signal);
}
