// The script of the live page: it follows a run, and shows its report when it is over.
import type { LiveRun } from '../message.ts';
import { setText } from './cell-row.ts';
import { follow } from './connection.ts';
import { showFailures } from './failures.ts';
import { LiveView } from './live-view.ts';
import { Model } from './model.ts';
import { fetchReport, placeReport } from './report.ts';

const contents = document.querySelector<HTMLElement>('.contents')!;
const place = document.querySelector<HTMLElement>('.shown')!;
const status = document.querySelector<HTMLElement>('.connection')!;
const model = new Model();
const view = new LiveView(model);
let isOpen = false;
/** The report that is shown or fetched, and what ends it. */
let report: { readonly address: string; readonly until: AbortController; hasFailed: boolean } | null = null;

document.documentElement.classList.add('scripted');
view.show(contents, place);
follow(
  (message) => {
    model.apply(message);
    view.change(message);
    const address = message.run.report;
    if (address === null) leaveReport();
    else if (report?.address !== address) void takeReport(address);
    tell();
  },
  (isNowOpen) => {
    isOpen = isNowOpen;
    tell();
  },
);

function leaveReport(): void {
  report?.until.abort();
  report = null;
  view.show(contents, place);
}

async function takeReport(address: string): Promise<void> {
  report?.until.abort();
  const taken = { address, until: new AbortController(), hasFailed: false };
  report = taken;
  try {
    const fetched = await fetchReport(address);
    // Another run may have begun meanwhile.
    if (taken.until.signal.aborted) return;
    const open = placeReport(fetched, contents, place);
    showFailures([...model.cells.values()], contents, place);
    open(taken.until.signal);
  } catch {
    taken.hasFailed = true;
    tell();
  }
}

function tell(): void {
  const { run } = model;
  const isOver = run?.phase === 'over';
  status.className = `connection ${isOver ? 'over' : isOpen ? '' : 'lost'}`;
  setText(status, statusText(run));
}

function statusText(run: LiveRun | null): string {
  if (run === null) return isOpen ? 'Looking for the run' : 'The run cannot be reached yet. Looking for it';
  const missing = report?.hasFailed === true ? ' Its report did not come: repro report writes it.' : '';
  if (!isOpen && run.phase === 'over') {
    return `The run is over, and is served no longer: a reload would find nothing. This page goes on when a run is served here again.${missing}`;
  }
  if (!isOpen)
    return 'The run cannot be reached: it was ended, or the line to it is cut. This is what it told last. Looking for it';
  if (run.phase === 'running') return 'Live';
  if (run.phase === 'awaited') return 'Live: the run is about to begin';
  return `${run.isWatching ? 'The run is over. The next change begins another, which is shown here.' : 'The run is over.'}${missing}`;
}
