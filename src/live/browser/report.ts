// The report of the run that is over, put in the place of what was shown of it before.
import { openReport } from '../../report/browser/open-report.ts';

declare const trustedTypes:
  | { createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): string } }
  | undefined;

/** The one kind of markup that this page takes in. */
const policy =
  typeof trustedTypes === 'undefined'
    ? { createHTML: (text: string) => text }
    : trustedTypes.createPolicy('report', { createHTML: (text) => text });

/** Fetches the report; throws where it cannot be had. */
export async function fetchReport(address: string): Promise<Document> {
  const answer = await fetch(address);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return new DOMParser().parseFromString(policy.createHTML(text), 'text/html');
}

/** Returns what makes it answer, once all is there. The abort of its signal ends that, when something else takes its place. */
export function placeReport(
  report: Document,
  contents: HTMLElement,
  place: HTMLElement,
): (signal: AbortSignal) => void {
  const data = report.getElementById('page-data')!.textContent;
  contents.replaceChildren(...report.querySelector('.contents')!.childNodes);
  place.replaceChildren(...report.querySelector('.page')!.childNodes);
  document.title = report.title;
  return (signal) => openReport(data, signal);
}
