// `repro report --history`: all kept runs as one page, from which those lead on that have a page of their own.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { historyPage } from '../report/history/page.ts';
import { open } from './open.ts';
import type { ReportOptions } from './options.ts';
import { linkFrom, writePage } from './page-files.ts';
import { print, printJson } from './view/print.ts';

const usual = 'artifacts/history.html';
/** Where the pages of runs are looked for. */
const pages = 'artifacts/reports';

export async function historyPageVerb(options: ReportOptions): Promise<ExitCode> {
  const project = open(options);
  const history = await project.runHistory();
  const from = path.dirname(
    options.output === undefined ? path.join(project.root, usual) : path.resolve(options.output),
  );
  const runs = history.runs.map((each) => ({ ...each, page: pageOf(project.root, each.run.id, from) }));
  const page = await historyPage({ ...history, runs }, `repro report RUN -o ${pages}/RUN.html`);
  const written = writePage(project.root, usual, page, options.output);
  if (options.json) printJson({ runs: runs.map(({ run }) => run.id), report: written });
  else print(written);
  return exitCode.ok;
}

/** The page of a run as a link from a directory; null where there is none. A manifest may give itself any id. */
function pageOf(root: string, run: string, from: string): string | null {
  if (!/^[0-9A-Za-z-]+$/.test(run)) return null;
  const file = path.join(root, pages, `${run}.html`);
  return existsSync(file) ? linkFrom(from, file) : null;
}
