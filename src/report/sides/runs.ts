// Which runs the page is of: what each was, where, when and of what, and what is not known of it.
import { reachText } from '../../manifest/comparison/change-text.ts';
import { profileName, settingsText } from '../../manifest/standing.ts';
import { count, durationText, machineText } from '../../manifest/text/number-text.ts';
import type { Manifest } from '../../schema/types.ts';
import { bounded, mostEntries } from '../bounded.ts';
import { grouped } from '../grouped.ts';
import { type Html, html } from '../html.ts';
import { timeText } from '../stages.ts';
import { listText, type Side } from './side.ts';

type Fact = readonly [name: string, of: (side: Side) => string];

const facts: readonly Fact[] = [
  ['Run', ({ manifest }) => manifest.run.id],
  ['Manifest', ({ path }) => path],
  ['Pipeline', ({ manifest: { pipeline } }) => `${pipeline.name}, ${pipeline.file}`],
  ['Began', ({ manifest }) => timeText(manifest.run.startedAt)],
  ['Took', ({ manifest: { run } }) => durationText((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000)],
  ['Outcome', ({ manifest }) => manifest.run.outcome],
  [
    'Stages',
    ({ manifest: { run, stages } }) =>
      `${count(stages.length, 'stage')}${run.selected ? `: ${run.selected.join(', ')} alone` : ''}`,
  ],
  ['Commit', ({ manifest }) => commitText(manifest.git)],
  ['Profile', ({ manifest }) => profileName(manifest.pipeline.profile)],
  ['Set', ({ manifest }) => settingsText(manifest.pipeline.overrides) ?? 'nothing'],
  ['Seed', ({ manifest }) => String(manifest.pipeline.seed)],
  ['Pipeline file', ({ manifest }) => `${manifest.pipeline.digest.slice(0, 19)}…`],
  ['Machine', ({ manifest }) => machineText(manifest.environment)],
];

function commitText(git: Manifest['git']): string {
  return git === null
    ? 'not in a git repository'
    : `${git.commit.slice(0, 12)}${git.dirty === null ? '' : ', with uncommitted changes'}`;
}

/** A row for each fact; what is otherwise than in the first run stands out. */
export function runTable(runs: readonly Side[]): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="Runs">
    <table class="sides plain">
      <thead>
        <tr>
          <th scope="col"><span class="spoken">fact</span></th>
          ${runs.map(({ label }) => html`<th scope="col" class="run">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${facts.map(([name, of]) => {
          const [first, ...others] = runs.map(of);
          return html`<tr>
            <th scope="row">${name}</th>
            <td>${first!}</td>
            ${others.map((text) => html`<td class="${text === first ? 'quiet' : 'differs'}">${text}</td>`)}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

interface Gap {
  readonly stage: string;
  readonly message: string;
}

/** What is not known of the runs: of all together, or of some. */
export function sideGaps(runs: readonly Side[]): (Gap & { readonly of: string })[] {
  const all = runs.flatMap((side) => [...side.manifest.gaps, ...lostCurves(side)].map((gap) => ({ ...gap, side })));
  return grouped(all, ({ stage, message }) => JSON.stringify([stage, message])).map(([, found]) => {
    const labels = [...new Set(found.map(({ side }) => side.label))];
    const { stage, message } = found[0]!;
    return { stage, message, of: labels.length === runs.length ? 'all runs' : listText(labels) };
  });
}

/** Curves that stages printed and that are no longer in the store. */
function lostCurves({ manifest, curves }: Side): Gap[] {
  const known = new Set(curves.map(({ stage }) => stage.id));
  const lost = manifest.stages.filter(({ id, record }) => record?.curves !== undefined && !known.has(id));
  if (lost.length === 0) return [];
  return [
    {
      stage: '*',
      message: `The curves that ${reachText(lost.map(({ id }) => id))} printed are no longer in the store`,
    },
  ];
}

export function sideGapList(gaps: ReturnType<typeof sideGaps>): Html {
  const { shown, note } = bounded(gaps, mostEntries, 'the manifests have them.');
  return html`${note}
    <ul class="gaps">
      ${shown.map(
        ({ stage, message, of }) =>
          html`<li>
            <span class="quiet">${of}:</span>
            ${stage === '*' ? null : html`<code>${stage}</code>: `}${message}
          </li>`,
      )}
    </ul>`;
}
