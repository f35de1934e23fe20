// What the page's script shows when it is asked: what each stage was made of, and the points of figures. As texts that are
// ready to be shown: tables that several stages share stand once.
import {
  externalInputs,
  isRecorded,
  parameterLeaves,
  readInputs,
  type RecordedStage,
  sourcesOf,
} from '../manifest/lineage.ts';
import { count } from '../manifest/text/number-text.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import { variableText } from '../manifest/text/variable-text.ts';
import type { Manifest } from '../schema/types.ts';
import { mostRows } from './bounded.ts';
import type { FigureData } from './figures.ts';
import { type Html, trusted } from './html.ts';
import { originText, stageFacts } from './stages.ts';

export interface PageData {
  readonly stages: readonly StageData[];
  readonly tables: readonly TableData[];
  /** By the numbers of the page's figures; null for an image, or one that could not be drawn. */
  readonly figures: readonly (FigureData | null)[];
  /** Of a page of several runs: what they were made of otherwise, as sentences. */
  readonly changes?: readonly string[];
  /** Of a page of all runs. */
  readonly history?: HistoryData;
}

/** Numbers over runs, to choose from. */
export interface HistoryData {
  /** Of each run: its number in the page, and what it was. */
  readonly runs: readonly { readonly name: string; readonly series: number }[];
  /** What runs that were asked the same have in common. */
  readonly series: readonly string[];
  readonly numbers: readonly {
    readonly address: string;
    readonly unit: string;
    /** Places of runs, values, and standard errors where they are known. */
    readonly points: readonly (readonly [run: number, value: number, error?: number])[];
  }[];
  /** How many of the numbers have a figure in the page already: the first. */
  readonly drawn: number;
}

export interface StageData {
  readonly id: string;
  /** Whether this run computed it, and in what time. */
  readonly origin: string;
  /** `seed 1, 2 threads, 3 code files`. */
  readonly made: string;
  readonly params: readonly string[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** By their places in the page's list. */
  readonly tables: readonly number[];
  /** What it read from outside the pipeline. */
  readonly outside: readonly { readonly name: string; readonly source: string; readonly digest: string }[];
  /** What it read of other stages, which are named by their places. */
  readonly reads: readonly { readonly name: string; readonly outputs: readonly (readonly [number, string])[] }[];
}

export interface TableData {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many rows are left out. */
  readonly left: number;
}

/** The stages that have a result, by their places in the list of the page. */
export function stageData(manifest: Manifest): Pick<PageData, 'stages' | 'tables'> {
  const tables = new Map<string, number>();
  const place = (table: TableData | null): number[] => {
    if (table === null) return [];
    const key = JSON.stringify(table);
    const known = tables.get(key) ?? tables.size;
    tables.set(key, known);
    return [known];
  };
  const recorded = manifest.stages.filter(isRecorded);
  const places = new Map(recorded.map(({ id }, index) => [id, index]));
  const stages = recorded.map((stage): StageData => {
    const { preimage } = stage.record;
    return {
      id: stage.id,
      origin: originText(stage, manifest),
      made: [
        `seed ${preimage.seed}`,
        count(preimage.threads, 'thread'),
        count(Object.keys(preimage.code).length, 'code file'),
        count(Object.keys(preimage.packages).length, 'package'),
      ].join(', '),
      params: parameterLeaves(preimage.params)
        .slice(0, mostRows)
        .map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
      facts: stageFacts(stage, manifest),
      tables: stageTables(stage, manifest).flatMap(place),
      outside: externalInputs(stage, manifest)
        .slice(0, mostRows)
        .map(({ name, source, digest }) => ({ name, source, digest: digest ?? 'absent' })),
      reads: readsOf(stage, manifest, places),
    };
  });
  return { stages, tables: [...tables.keys()].map((key) => JSON.parse(key) as TableData) };
}

function readsOf(stage: RecordedStage, manifest: Manifest, places: ReadonlyMap<string, number>): StageData['reads'] {
  return Object.entries(sourcesOf(stage, manifest)).flatMap(([name, source]) => {
    if (source === null || typeof source === 'string') return [];
    const outputs = [source].flat().flatMap(({ cell, output }): [number, string][] => {
      const at = places.get(cell);
      return at === undefined ? [] : [[at, output]];
    });
    return [{ name, outputs }];
  });
}

function stageTables(stage: RecordedStage, manifest: Manifest): (TableData | null)[] {
  const { preimage, watched, outputs } = stage.record;
  return [
    table('Parameters', ['parameter', 'value'], parameterLeaves(preimage.params), ([name, value]) => [
      name,
      JSON.stringify(value),
    ]),
    table('Inputs', ['input', 'from', 'digest'], readInputs(stage, manifest), ({ name, source, digests }) => [
      name,
      source,
      digests.length === 0 ? 'absent' : digests.slice(0, mostRows).join(' '),
    ]),
    table('Read without being declared', ['file'], watched?.undeclaredReads ?? [], (path) => [path]),
    table('Written outside its directory', ['file'], watched?.foreignWrites ?? [], (path) => [path]),
    table('Outputs', ['output', 'path', 'size', 'digest'], Object.entries(outputs), ([name, output]) => [
      name,
      output.executable ? `${output.path} (executable)` : output.path,
      `${output.sizeBytes} B`,
      output.digest,
    ]),
    table('Environment', ['variable', 'value'], Object.entries(preimage.env), ([name, value]) => [
      name,
      variableText(value),
    ]),
    table('Code', ['file', 'digest'], Object.entries(preimage.code), (entry) => entry),
    table('Packages', ['package', 'integrity'], Object.entries(preimage.packages), (entry) => entry),
  ];
}

function table<Entry>(
  title: string,
  columns: readonly string[],
  entries: readonly Entry[],
  cells: (entry: Entry) => readonly string[],
): TableData | null {
  if (entries.length === 0) return null;
  const rows = entries.slice(0, mostRows).map(cells);
  return { title, columns, rows, left: entries.length - rows.length };
}

/** Data as the text of a script element that is never run: no text in it can end the element. */
export function dataBlock(id: string, data: PageData): Html {
  const text = JSON.stringify(data, (_, value: unknown) => (typeof value === 'string' ? visibleText(value) : value));
  return trusted(`<script type="application/json" id="${id}">${text.replaceAll('<', '\\u003c')}</script>`);
}
