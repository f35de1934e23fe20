// Several runs as one self-contained page: what they were made of otherwise, and what came out otherwise.
import type { ManifestDifference } from '../../manifest/comparison/diff.ts';
import { count } from '../../manifest/text/number-text.ts';
import { pageDocument, type Section, section } from '../document.ts';
import { type CurveFigures, leftCurves } from '../curves.ts';
import { type Figure, figureEntries, figureGrid, type ReadOutput } from '../figures.ts';
import { type Html, html } from '../html.ts';
import { changeTables, changeTexts, type SideChange, sideChanges } from './changes.ts';
import { attributionTables } from './attribution.ts';
import { sideCurveFigures } from './curves.ts';
import { firstFigures, lostFigures, sideFigures, type SideFigures } from './figures.ts';
import { sideGateNames, sideGateTable } from './gates.ts';
import { sideNumberSection } from './numbers.ts';
import { runTable, sideGapList, sideGaps } from './runs.ts';
import { listText, type Sides } from './side.ts';

/** The page of several runs as HTML text. Outputs that cannot be read or drawn are named in their place. */
export async function sidesPage(sides: Sides, readOutput: ReadOutput): Promise<string> {
  const changes = sideChanges(sides);
  const [{ plots, images, lost }, curves] = await Promise.all([
    sideFigures(sides.runs, readOutput),
    sideCurveFigures(sides.runs),
  ]);
  const drawn = { plots: firstFigures(plots), images: firstFigures(images), curves, lost };
  const all = [...drawn.plots.shown, ...drawn.images.shown, ...curves.plots];
  const figures = all.map(({ data }) => data ?? null);
  const data = { stages: [], tables: [], figures, changes: changeTexts(changes, sides) };
  const sections = [...madeSections(sides, changes), ...drawnSections(drawn), ...gapSection(sides)];
  return pageDocument({ title: titleOf(sides), header: header(sides), sections, data });
}

function madeSections(sides: Sides, changes: readonly SideChange[]): Section[] {
  const { runs, attributions } = sides;
  const gates = sideGateNames(runs);
  return [
    ...section('runs', 'Runs', runs.length, () => runTable(runs)),
    ...section('changes', 'What differs', 1, () => (changes.length === 0 ? sameText : changeTables(changes, sides))),
    ...sideNumberSection(sides, changes),
    ...section('explained', 'How much each change explains', attributions?.length ?? 0, () =>
      attributionTables(sides, attributions!),
    ),
    ...section('gates', 'Gates', gates.length, () => sideGateTable(gates, runs)),
  ];
}

interface Drawn extends Pick<SideFigures, 'lost'> {
  readonly plots: ReturnType<typeof firstFigures>;
  readonly images: ReturnType<typeof firstFigures>;
  readonly curves: CurveFigures;
}

function drawnSections({ plots, images, curves, lost }: Drawn): Section[] {
  const grid = (id: string, title: string, note: Html | null, list: readonly Figure[], first: number) =>
    section(
      id,
      title,
      list.length,
      () => [note, figureGrid(list, first, id === 'images' ? 'pairs' : 'plots')],
      figureEntries(list, first),
    );
  const [firstImage, firstCurve] = [plots.shown.length, plots.shown.length + images.shown.length];
  return [
    ...grid('figures', 'Figures', plots.note, plots.shown, 0),
    ...grid('images', 'Images', images.note, images.shown, firstImage),
    ...section('lost', 'Without a figure', lost.length, () => lostFigures(lost)),
    ...grid('curves', 'Curves', leftCurves(curves), curves.plots, firstCurve),
  ];
}

function gapSection({ runs }: Sides): Section[] {
  const gaps = sideGaps(runs);
  return section('gaps', 'What is not known', gaps.length, () => sideGapList(gaps));
}

const sameText = html`<p>The stages were made of the same.</p>`;

const titleOf = ({ runs }: Sides): string =>
  `${runs[0]!.manifest.pipeline.name}: ${runs.length > 2 ? `${runs.length} runs side by side` : listText(runs.map(({ label }) => label))}`;

function header(sides: Sides): Html {
  const { runs, differences } = sides;
  const notes = runs.flatMap(({ label, notes }) => notes.map((note) => `${label}: ${note}`));
  return html`<h1>${titleOf(sides)}</h1>
    <ul class="outcome">
      ${differences.map((difference, index) => html`<li>${outcome(difference, runs[index + 1]!.label, runs[0]!.label)}</li>`)}
    </ul>
    ${notes.map((note) => html`<p class="message">${note}.</p>`)}`;
}

/** `B, compared with A: 3 of 40 numbers moved, 1 beyond chance; …`. */
function outcome({ numbers, stages, gates }: ManifestDifference, label: string, first: string): string {
  const moved = numbers.filter(({ class: group }) => group === 'attributed' || group === 'unexplained');
  const beyond = moved.filter(({ beyondError }) => beyondError === true).length;
  const odd = moved.filter(({ class: group }) => group === 'unexplained').length;
  const differing = stages.filter((stage) => stage.class !== 'same').length;
  return [
    `${label}, compared with ${first}: ${moved.length} of ${count(numbers.length, 'number')} moved`,
    `${beyond} beyond chance`,
    ...(odd === 0 ? [] : [`${odd} though nothing recorded changed`]),
    `${differing} of ${count(stages.length, 'stage')} ${differing === 1 ? 'differs' : 'differ'}`,
    ...(gates.length === 0 ? [] : [`${count(gates.length, 'gate')} judged otherwise`]),
  ].join(', ');
}
