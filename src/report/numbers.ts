// Every reported number on one line that opens to its lineage.
import { type AuditClass, auditClassText, numberAudits } from '../manifest/verification/audit-text.ts';
import { lineageOf, parameterLeaves } from '../manifest/lineage.ts';
import { foldNumbers, type NumberSeries } from '../manifest/fold.ts';
import { count, numberText } from '../manifest/text/number-text.ts';
import type { Manifest, ManifestNumber } from '../schema/types.ts';
import { bounded, mostNumbers, mostRows } from './bounded.ts';
import { type Html, html } from './html.ts';
import { anchor, originText } from './stages.ts';

/** What every number is shown from. */
interface Source {
  readonly manifest: Manifest;
  readonly audits: ReturnType<typeof numberAudits>;
  /** What is shown of a number but the number itself: the same for all of one stage. */
  readonly behind: (entry: ManifestNumber) => Behind;
}

/** Numbers by stage; those of a matrix by name, so that its cells stand below each other. */
export function numberGroups(manifest: Manifest): Html {
  const { shown, note } = bounded(manifest.numbers, mostNumbers, 'repro numbers has them.');
  return html`${note} ${groupsOf(shown, manifest)}`;
}

function groupsOf(shown: readonly ManifestNumber[], manifest: Manifest): Html[] {
  const cells = new Map(manifest.stages.map((stage) => [stage.id, stage]));
  const source = { manifest, audits: numberAudits(manifest), behind: stagesBehind(manifest) };
  return grouped(shown, (entry) => cells.get(entry.stage)?.stage ?? entry.stage).map(([stage, numbers]) => {
    const isMatrix = Object.keys(cells.get(numbers[0]?.stage ?? '')?.cell ?? {}).length > 0;
    return html`<section class="group">
      <h3><code>${stage}</code></h3>
      ${
        isMatrix
          ? grouped(numbers, (entry) => entry.name).map(
              ([name, members]) => html`
                <h4>${name}${noteOf(members[0])}</h4>
                ${numberRows(source, members, (entry) => cellText(cells.get(entry.stage)?.cell ?? {}), false)}
              `,
            )
          : numberRuns(source, numbers)
      }
    </section>`;
  });
}

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
  return html`<div class="numbers" style="--fraction: ${widestFraction(numbers)}ch; --error: ${widestError(numbers)}ch">
    ${numbers.map((entry, index) => {
      // A note that several numbers share in a row is said once.
      const repeated = numbers[index - 1]?.number.note === entry.number.note;
      return numberRow(source, entry, label(entry), withNotes && !repeated);
    })}
  </div>`;
}

function cellText(cell: Manifest['stages'][number]['cell']): string {
  return Object.entries(cell)
    .map(([axis, value]) => `${axis}=${value}`)
    .join(', ');
}

function numberRow({ audits, behind }: Source, entry: ManifestNumber, label: string, withNote: boolean): Html {
  const { number } = entry;
  const { value, error } = numberText(number);
  const [whole = '', fraction = ''] = splitAtPoint(value);
  return html`<details class="number">
    <summary>
      <span class="label">${label}${unstableMark(audits(entry))}${withNote ? noteOf(entry) : null}</span>
      <span class="whole">${whole}</span><span class="fraction">${fraction}</span>
      <span class="error">${error === null ? null : `± ${error}`}</span>
      <span class="unit">${number.unit === '1' ? '' : number.unit}</span>
      <span class="n">${number.n === undefined ? '' : `n ${number.n}`}</span>
      <span class="kind">${number.kind === 'estimate' ? '' : number.kind}</span>
    </summary>
    ${lineage(entry, behind(entry))}
  </details>`;
}

interface Behind {
  readonly counts: string;
  readonly stages: Html;
}

function stagesBehind(manifest: Manifest): Source['behind'] {
  const known = new Map<string, Behind>();
  return (entry) => {
    const behind = known.get(entry.stage) ?? behindOf(manifest, entry);
    known.set(entry.stage, behind);
    return behind;
  };
}

function lineage(entry: ManifestNumber, { counts, stages }: Behind): Html {
  return html`<div class="lineage">
    <p>
      <code>${entry.address}</code> =
      ${String(entry.number.value)}${
        entry.number.standardError === undefined ? null : `, standard error ${entry.number.standardError}`
      }<br />
      <span class="quiet">
        ${counts}, closure
        <code class="digest">${entry.closure}</code>
      </span>
    </p>
    ${stages}
  </div>`;
}

/** Everything behind a number, stage by stage, from the data to the stage that reported it. */
function behindOf(manifest: Manifest, entry: ManifestNumber): Behind {
  const { stages, inputs, code, packages } = lineageOf(manifest, entry);
  const { shown, note } = bounded(stages.toReversed(), mostRows, `repro why '${entry.address}' has them.`);
  const external = new Map(grouped(inputs, (input) => input.stage));
  const list = html`<ol>
      ${shown.toReversed().map((stage) => {
        const { preimage } = stage.record;
        const read = bounded(external.get(stage.id) ?? [], mostRows, 'the stage below has them.');
        const leaves = bounded(parameterLeaves(preimage.params), mostRows, 'the stage below has them.');
        const params = leaves.shown.map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
        return html`<li>
          <a href="#${anchor(stage.id)}"><code>${stage.id}</code></a>
          <span class="quiet">${originText(stage, manifest)}</span>
          <p>
            seed ${preimage.seed}, ${count(preimage.threads, 'thread')},
            ${count(Object.keys(preimage.code).length, 'code file')}
          </p>
          ${read.shown.map(
            (input) =>
              html`<p>
                input ${input.name}: <code>${input.source}</code>
                <code class="digest">${input.digest ?? 'absent'}</code>
              </p>`,
          )}
          ${read.note}
          ${params.length === 0 ? null : html`<p class="params">${params.map((text) => html`<code>${text}</code> `)}</p>`}
          ${leaves.note}
        </li>`;
      })}
    </ol>
    ${note}`;
  const counts = [
    count(stages.length, 'stage'),
    count(Object.keys(code).length, 'code file'),
    count(Object.keys(packages).length, 'package'),
  ];
  return { counts: counts.join(', '), stages: list };
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

/** `2.34` as `2` and `.34`, so that decimal points can stand below each other. */
function splitAtPoint(value: string): [string, string] {
  const point = value.indexOf('.');
  return point < 0 ? [value, ''] : [value.slice(0, point), value.slice(point)];
}

const widestFraction = (numbers: readonly ManifestNumber[]) =>
  numbers.reduce((most, { number }) => Math.max(most, splitAtPoint(numberText(number).value)[1].length), 0);
const widestError = (numbers: readonly ManifestNumber[]) =>
  numbers.reduce((most, { number }) => Math.max(most, (numberText(number).error ?? '').length + 2), 0);

/** Groups in the order of their first members. */
function grouped<Item>(items: readonly Item[], key: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups];
}
