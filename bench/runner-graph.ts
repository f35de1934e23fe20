// The graph that every runner of `npm run bench runner` is given: layers of stages, each reading two of the layer before.

export interface GraphStage {
  readonly id: number;
  /** Files that it reads: `source` in the first layer, and `changed` in the last stage. */
  readonly files: readonly string[];
  /** Stages whose output it reads; none in the first layer. */
  readonly inputs: readonly number[];
}

export interface Graph {
  readonly stages: readonly GraphStage[];
  /** Stages that nobody reads: who asks for them gets all. */
  readonly ends: readonly number[];
}

const LAYER = 100;
export const source = 'in.txt';
/** Read by the last stage alone: with other text, only that one is out of date. */
export const changed = 'changed.txt';

/** `size` stages in layers of 100. Stage i reads the one above it and that one's neighbor to the right. */
export function layeredGraph(size: number): Graph {
  const width = Math.min(LAYER, size);
  const stages = Array.from({ length: size }, (_, id) => {
    const above = Math.floor(id / width - 1) * width;
    return {
      id,
      files: [...(above < 0 ? [source] : []), ...(id === size - 1 ? [changed] : [])],
      inputs: above < 0 ? [] : [...new Set([id - width, above + ((id + 1) % width)])],
    };
  });
  const read = new Set(stages.flatMap(({ inputs }) => inputs));
  return { stages, ends: stages.flatMap(({ id }) => (read.has(id) ? [] : [id])) };
}

/** What a stage writes: its number, and the first line of each of its inputs; so all outputs differ and none grows. */
export const outputText = ({ id, files, inputs }: GraphStage, texts: SourceTexts): string =>
  [`${id}\n`, ...files.map((file) => texts[file]), ...inputs.map((from) => `${from}\n`)].join('');

/** A line for each file that stages read. */
export type SourceTexts = Readonly<Record<string, string>>;
export const sourceTexts = (round: number): SourceTexts => ({ [source]: 'in\n', [changed]: `round ${round}\n` });

/** The shell command that does it, from files to a file. */
export const stageCommand = (id: number | string, inputs: string, output: string): string =>
  `{ echo ${id}; head -qn1 ${inputs}; } > ${output}`;
