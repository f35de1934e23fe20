// Every reported number as a row that opens to its lineage.
import { type AuditClass, auditClassText, numberAudits } from '../manifest/verification/audit-text.ts';
import { isRecorded } from '../manifest/lineage.ts';
import { foldNumbers, type NumberSeries } from '../manifest/fold.ts';
import { count, numberText } from '../manifest/text/number-text.ts';
import type { Manifest, ManifestNumber } from '../schema/types.ts';
import { anchor } from './anchor.ts';
import { bounded, mostNumbers } from './bounded.ts';
import { grouped } from './grouped.ts';
import { type Html, html } from './html.ts';

/** What every number is shown from. */
interface Source {
  readonly audits: ReturnType<typeof numberAudits>;
  /** Places of stages in the data of the page. */
  readonly places: ReadonlyMap<string, number>;
}

/** Numbers by stage; those of a matrix by name, so that its cells stand below each other. */
export function numberGroups(manifest: Manifest): Html {
  const { shown, note } = bounded(manifest.numbers, mostNumbers, 'repro numbers has them.');
  return html`${note} ${groupsOf(shown, manifest)}`;
}

function groupsOf(shown: readonly ManifestNumber[], manifest: Manifest): Html[] {
  const cells = new Map(manifest.stages.map((stage) => [stage.id, stage]));
  const places = new Map(manifest.stages.filter(isRecorded).map(({ id }, index) => [id, index]));
  const source = { audits: numberAudits(manifest), places };
  return numbersByStage(shown, manifest).map(([stage, numbers]) => {
    const isMatrix = Object.keys(cells.get(numbers[0]?.stage ?? '')?.cell ?? {}).length > 0;
    return html`<section class="group" id="${groupAnchor(stage)}">
      <h3><code>${stage}</code></h3>
      ${
        isMatrix
          ? grouped(numbers, (entry) => entry.name).map(
              ([name, members]) => html`
                <div class="matrix">
                  <h4>${name}${noteOf(members[0])}</h4>
                  ${numberRows(source, members, (entry) => cellText(cells.get(entry.stage)?.cell ?? {}), false)}
                </div>
              `,
            )
          : numberRuns(source, numbers)
      }
    </section>`;
  });
}

export function numbersByStage(
  numbers: readonly ManifestNumber[],
  { stages }: Pick<Manifest, 'stages'>,
): [string, ManifestNumber[]][] {
  const stageOf = new Map(stages.map(({ id, stage }) => [id, stage]));
  return grouped(numbers, (entry) => stageOf.get(entry.stage) ?? entry.stage);
}

/** Fragment of the numbers of a stage. */
export const groupAnchor = (stage: string): string => `numbers-${anchor(stage)}`;

/** Numbers in their order; a long series is closed until it is asked for. */
function numberRuns(source: Source, numbers: readonly ManifestNumber[]): Html[] {
  const runs: (ManifestNumber[] | NumberSeries)[] = [];
  for (const entry of foldNumbers(numbers)) {
    const last = runs.at(-1);
    if ('members' in entry) runs.push(entry);
    else if (Array.isArray(last)) last.push(entry);
    else runs.push([entry]);
  }
  return runs.map((run) =>
    Array.isArray(run)
      ? numberRows(source, run, (entry) => entry.name, true)
      : html`<details class="series">
          <summary>${run.name}.* <span class="quiet">${count(run.members.length, 'number')}</span></summary>
          ${numberRows(source, run.members, (entry) => entry.name, true)}
        </details>`,
  );
}

function numberRows(
  source: Source,
  numbers: readonly ManifestNumber[],
  label: (entry: ManifestNumber) => string,
  withNotes: boolean,
): Html {
  const widest = numbers.reduce((most, entry) => longerText(most, fractionOf(numberText(entry.number).value)), '');
  return html`<table class="numbers">
    <thead>
      <tr>
        <th scope="col" data-sort="name">name</th>
        <th scope="col" data-sort="value" class="value">value</th>
        <th scope="col" data-sort="error">± standard error</th>
        <th scope="col">unit</th>
        <th scope="col" class="n">n</th>
        <th scope="col" class="kind">kind</th>
      </tr>
    </thead>
    <tbody>
      ${numbers.map((entry, index) => {
        // A note that several numbers share in a row is said once.
        const repeated = numbers[index - 1]?.number.note === entry.number.note;
        return numberRow(source, entry, label(entry), withNotes && !repeated, widest);
      })}
    </tbody>
  </table>`;
}

function cellText(cell: Manifest['stages'][number]['cell']): string {
  return Object.entries(cell)
    .map(([axis, value]) => `${axis}=${value}`)
    .join(', ');
}

function numberRow(
  { audits, places }: Source,
  entry: ManifestNumber,
  label: string,
  withNote: boolean,
  widest: string,
): Html {
  const { number, address, closure, stage } = entry;
  const { value, error } = numberText(number);
  const exact = `${number.value}${number.standardError === undefined ? '' : ` ${number.standardError}`}`;
  return html`<tr
    data-address="${address}"
    data-stage="${places.get(stage) ?? ''}"
    data-exact="${exact}"
    data-closure="${closure}"
  >
    <th scope="row">
      <button type="button" class="open" aria-expanded="false">${label}</button>
      ${unstableMark(audits(entry))}${withNote ? noteOf(entry) : null}
    </th>
    <td class="value">${value}${padding(value, widest)}</td>
    <td class="error">${error === null ? null : `± ${error}`}</td>
    <td class="unit">${number.unit === '1' ? '' : number.unit}</td>
    <td class="n">${number.n ?? ''}</td>
    <td class="kind">${number.kind === 'estimate' ? '' : number.kind}</td>
  </tr>`;
}

/** Only what came out otherwise when it was computed again is marked; the stage tells the rest. */
function unstableMark(repeated: AuditClass | undefined): Html | null {
  if (repeated === undefined || repeated === 'bitwise') return null;
  return html` <span class="verdict ${repeated === 'unstable' ? 'fail' : 'pass'}">${auditClassText[repeated]}</span>`;
}

function noteOf(entry: ManifestNumber | undefined): Html | null {
  const note = entry?.number.note;
  return note === undefined ? null : html` <span class="note">${note}</span>`;
}

/** The digits, unseen, that a shorter value lacks: so that decimal points stand below each other. */
function padding(value: string, widest: string): Html | null {
  const missing = widest.slice(fractionOf(value).length);
  return missing === '' ? null : html`<span class="pad" aria-hidden="true">${missing}</span>`;
}

/** `.34` of `2.34`. */
function fractionOf(value: string): string {
  const point = value.indexOf('.');
  return point < 0 ? '' : value.slice(point);
}

const longerText = (a: string, b: string): string => (b.length > a.length ? b : a);
