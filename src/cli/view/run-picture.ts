// A run as lines of a terminal, never more than it has rows: cells, or stages where there are more cells than rows.
import { count, durationText } from '../../manifest/text/number-text.ts';
import { visibleText } from '../../manifest/text/visible-text.ts';
import { cellNames } from './cell-names.ts';
import { stageOf } from './fold-cells.ts';
import { paint, type Style } from './print.ts';
import { clip, widthOf } from './text-width.ts';

export type CellPhase = 'waiting' | 'queued' | 'running' | 'done' | 'failed' | 'left';

export interface PicturedCell {
  readonly id: string;
  readonly phase: CellPhase;
  /** What is said beside its name. */
  readonly text: string;
  /** How long it has been running; null when it is not. */
  readonly seconds: number | null;
}

/** The cells of a stage, in the order of the plan. */
export type PicturedStage = readonly PicturedCell[];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const icons = { waiting: '◻', queued: '◼', running: '▸', done: '✔', failed: '✖', left: '↓' } as const;
const styles = {
  waiting: 'dim',
  queued: 'yellow',
  running: 'yellow',
  done: 'green',
  failed: 'red',
  left: 'yellow',
} as const satisfies Record<CellPhase, Style>;

/** Whether stages are drawn in place of their cells. One row is the cursor's, one that of the sum. */
export const isFolded = (cells: number, { rows }: Size): boolean => cells > rows - 2;

/**
 * The picture of a run that goes on: what runs, how many of how many, what failed. Narrower than the terminal, and with
 * a row left for the cursor.
 * @param seconds Since the run started
 */
export function pictureLines(stages: readonly PicturedStage[], size: Size, seconds: number): string[] {
  const all = stages.flat();
  const sum = [paint('dim', clip(sumText(all, elapsedText(seconds)), size.columns - 1))];
  if (!isFolded(all.length, size)) return [...cellRows(stages, size.columns), ...(all.length > 1 ? sum : [])];
  return [...foldedRows(stages, size), ...sum].slice(-Math.max(1, size.rows - 1));
}

/** What stays in the terminal: every cell, or every stage where cells were folded. */
export function lastLines(stages: readonly PicturedStage[], size: Size): string[] {
  return isFolded(stages.flat().length, size) ? stageRows(stages, size.columns) : cellRows(stages, size.columns);
}

/** `37 of 200 done, 1 FAILED, 2 run, 12 queued, 1 min 20 s` */
function sumText(cells: readonly PicturedCell[], time: string): string {
  return [`${counted(cells, 'done')} of ${cells.length} done`, ...countTexts(cells), time].join(', ');
}

function countTexts(cells: readonly PicturedCell[]): string[] {
  const words = { failed: 'FAILED', running: 'run', queued: 'queued', left: 'not run' } as const;
  return (['failed', 'running', 'queued', 'left'] as const)
    .map((phase) => [counted(cells, phase), words[phase]] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`);
}

const counted = (cells: readonly PicturedCell[], phase: CellPhase): number =>
  cells.reduce((sum, cell) => (cell.phase === phase ? sum + 1 : sum), 0);

/** What a stage is in as a whole. */
function phaseOf(cells: PicturedStage): CellPhase {
  const has = (phase: CellPhase) => cells.some((cell) => cell.phase === phase);
  if (has('running')) return 'running';
  if (has('queued')) return 'queued';
  if (has('waiting')) return has('done') || has('failed') ? 'running' : 'waiting';
  return has('failed') ? 'failed' : has('left') ? 'left' : 'done';
}

/** Stages, each that runs with as many of its running cells as there is room for; what does not fit is counted. */
function foldedRows(stages: readonly PicturedStage[], { rows, columns }: Size): string[] {
  const room = Math.max(1, rows - 2);
  const fits = stages.length + Math.min(runningIn(stages).length, Math.floor(room / 2)) <= room;
  const named = fits ? new Set(stages) : mostUrgent(stages, room - groups.length);
  const groupLines = groups.flatMap(([phase, word]) => {
    const others = stages.filter((stage) => !named.has(stage) && groupOf(stage) === phase);
    return others.length === 0 ? [] : [row(phase, clip(`${count(others.length, 'stage')} ${word}`, columns - 3))];
  });
  const left = Math.max(0, room - groupLines.length - named.size);
  const below = runningIn(stages.filter((stage) => named.has(stage)));
  const drawn = new Set(below.slice(0, below.length > left ? Math.max(0, left - 1) : left));
  const more = below.length - drawn.size;
  return [
    ...stageRows(
      stages.filter((stage) => named.has(stage)),
      columns,
      drawn,
    ),
    ...(more > 0 && left > 0 ? [paint('dim', clip(`    … and ${more} more run`, columns - 1))] : []),
    ...groupLines,
  ];
}

/** What is said of stages that have no row of their own. */
const groups = [
  ['running', 'run'],
  ['failed', 'FAILED'],
  ['done', 'done'],
  ['waiting', 'wait'],
] as const;

function groupOf(stage: PicturedStage): (typeof groups)[number][0] {
  const phase = phaseOf(stage);
  return phase === 'queued' ? 'waiting' : phase === 'left' ? 'done' : phase;
}

/** Stages that run, then those that failed, then those that are queued. */
function mostUrgent(stages: readonly PicturedStage[], most: number): Set<PicturedStage> {
  const urgent = (['running', 'failed', 'queued'] as const).flatMap((phase) =>
    stages.filter((stage) => phaseOf(stage) === phase),
  );
  return new Set(urgent.slice(0, Math.max(1, most)));
}

/** Cells that may have a row below that of their stage. */
function runningIn(stages: readonly PicturedStage[]): PicturedCell[] {
  return stages.filter(isMatrix).flatMap((stage) => stage.filter(({ phase }) => phase === 'running'));
}

const isMatrix = (stage: PicturedStage): boolean => stage.length > 1;

/** A row for each stage, with the cells of it that are named below. */
function stageRows(
  stages: readonly PicturedStage[],
  columns: number,
  drawn: ReadonlySet<PicturedCell> = new Set(),
): string[] {
  const names = stages.map((stage) => (isMatrix(stage) ? stageOf(stage[0]!.id) : stage[0]!.id));
  const width = nameWidth(names, columns);
  return stages.flatMap((stage, index) => {
    const name = clip(names[index]!, width).padEnd(width);
    if (!isMatrix(stage)) return [cellRow(stage[0]!, name, columns)];
    const phase = phaseOf(stage);
    const bar = columns < 72 ? '' : `${barOf(counted(stage, 'done') / stage.length)}  `;
    const texts = [`${counted(stage, 'done')} of ${stage.length}`, ...countTexts(stage)].join(', ');
    const said = clip(texts, columns - 5 - width - widthOf(bar));
    const styled = counted(stage, 'failed') > 0 ? paint('red', said) : phase === 'running' ? said : paint('dim', said);
    return [row(phase, `${name}  ${bar}${styled}`), ...runningRows(stage, drawn, columns)];
  });
}

/** Below their stage its name says nothing. */
function runningRows(stage: PicturedStage, drawn: ReadonlySet<PicturedCell>, columns: number): string[] {
  const cells = stage.filter((cell) => drawn.has(cell));
  const own = stageOf(stage[0]!.id).length;
  const short = cells.map((cell) => ({ ...cell, id: cell.id.slice(own) }));
  return cellRows([short], columns - 4).map((line) => `    ${line}`);
}

function cellRows(stages: readonly PicturedStage[], columns: number): string[] {
  const ids = stages.map((stage) => stage.map(({ id }) => id));
  const width = nameWidth(ids.flat(), columns);
  const names = ids.flatMap((stage) => cellNames(stage, width));
  const shown = nameWidth(names, columns);
  return stages.flat().map((cell, index) => cellRow(cell, names[index]!.padEnd(shown), columns));
}

function cellRow({ phase, text, seconds }: PicturedCell, name: string, columns: number): string {
  const time = seconds === null ? '' : `${elapsedText(seconds)}  `;
  const said = clip(`${time}${visibleText(text)}`, columns - 5 - widthOf(name));
  if (phase === 'failed') return row(phase, `${name}  ${paint('red', said)}`);
  const isAlive = phase === 'running' || phase === 'done';
  return row(phase, isAlive ? `${name}  ${said}`.trimEnd() : paint('dim', `${name}  ${said}`.trimEnd()));
}

/** What is drawn each second has no tenths. */
const elapsedText = (seconds: number): string => durationText(Math.floor(seconds)).replace('.0', '');

const row = (phase: CellPhase, text: string): string => `${paint(styles[phase], icons[phase])} ${text}`;

/** Names take what the longest needs, and leave room for what is said. */
function nameWidth(names: readonly string[], columns: number): number {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  return Math.min(longest, Math.max(12, columns - 42));
}

function barOf(fraction: number): string {
  const width = 12;
  const filled = Math.floor(fraction * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
