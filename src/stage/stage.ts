// What a stage sees of the pipeline: the assignment in the file that REPRO_STAGE names, and lines on standard output.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cell, PlotFile, ReportedNumber, StageAssignment } from '../schema/types.ts';
import { estimateMean, type MeanEstimate } from './mean.ts';

/** Reported while a stage works: `step` of `total`, and short facts such as the loss. */
export interface StageProgress {
  readonly step: number;
  readonly total: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Names a stream of random numbers: streams whose seed, purpose or step differ are to be independent of each other. */
export interface RandomStream {
  /** The stage's. */
  readonly seed: number;
  /** What the numbers are for, such as `train/noise`. */
  readonly purpose: string;
  /** Which training step, image, noise level, … of this purpose; 0 where there is one alone. */
  readonly step: number;
}

/** What is said of a mean besides its value, standard error and count; its kind is `estimate` unless it is given. */
export type MeanDescription = Omit<ReportedNumber, 'value' | 'standardError' | 'n' | 'kind'> &
  Partial<Pick<ReportedNumber, 'kind'>>;

/** At most this many progress lines are written, whatever the number of steps. */
const PROGRESS_LINES = 1000;

/** One execution of a stage: its assignment, what it reports, and what it says while it works. */
export class Stage<Params = unknown> {
  readonly name: string;
  readonly cell: Cell;
  /** Derived from the pipeline's seed, the stage and the cell; below 2^48. */
  readonly seed: number;
  /** Threads it may use, as declared. */
  readonly threads: number;
  readonly params: Params;
  /** A directory for what is not an output. When the stage is killed it is kept for the next attempt. */
  readonly scratch: string;
  readonly #assignment: StageAssignment;
  readonly #numbers: Record<string, ReportedNumber> = {};

  /** `directory` is the working directory, where the assignment lies. */
  constructor(assignment: StageAssignment, directory: string) {
    this.#assignment = assignment;
    this.name = assignment.stage;
    this.cell = assignment.cell;
    this.seed = assignment.seed;
    this.threads = assignment.threads;
    this.params = assignment.params as Params;
    this.scratch = join(directory, 'scratch');
    mkdirSync(this.scratch, { recursive: true });
  }

  /** The declared inputs, absent ones too, in the order of the pipeline file. */
  get inputNames(): readonly string[] {
    return Object.keys(this.#assignment.inputs);
  }

  /** Path of an input. Throws for one that is not declared, that is absent, or that is a list. */
  input(name: string): string {
    const path = this.#input(name);
    if (typeof path !== 'string') {
      throw new Error(
        `Input "${name}" of ${this.name} is ${path === null ? 'absent: use optionalInput' : 'a list: use inputs'}`,
      );
    }
    return path;
  }

  /** Path of an optional input, or null when it is absent. */
  optionalInput(name: string): string | null {
    return this.#input(name) === null ? null : this.input(name);
  }

  /** Paths of a gathered input, ordered by cell. */
  inputs(name: string): readonly string[] {
    const paths = this.#input(name);
    if (!Array.isArray(paths)) throw new Error(`Input "${name}" of ${this.name} is not a list: use input`);
    return paths;
  }

  /** Path to write an output to; its directory exists. */
  output(name: string): string {
    const path = this.#assignment.outputs[name];
    if (path === undefined) throw new Error(undeclared('output', name, this.name, this.#assignment.outputs));
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  /** Reports a number. Throws for a value that is not finite, a repeated name, or a stage that declares no numbers. */
  report(name: string, number: ReportedNumber): void {
    if (this.#assignment.numbers === undefined) {
      throw new Error(`${this.name} reports "${name}" but declares no numbers file: add "numbers: numbers.json"`);
    }
    if (Object.hasOwn(this.#numbers, name)) throw new Error(`${this.name} reports "${name}" twice`);
    for (const key of ['value', 'standardError'] as const) {
      if (number[key] !== undefined && !Number.isFinite(number[key])) {
        throw new Error(`The ${key} of "${name}" is ${number[key]}: a reported number must be finite`);
      }
    }
    this.#numbers[name] = number;
  }

  /**
   * Reports the mean of independent values with its standard error and their number, and returns the three; or those that
   * were found elsewhere, such as by a paired comparison. Throws a RangeError for fewer than two values.
   */
  reportMean(
    name: string,
    values: ArrayLike<number> | MeanEstimate,
    { kind = 'estimate', ...description }: MeanDescription,
  ): MeanEstimate {
    const estimate = 'mean' in values ? values : estimateMean(values, name);
    const { mean: value, standardError, n } = estimate;
    this.report(name, { value, standardError, n, kind, ...description });
    return estimate;
  }

  /** The stream of random numbers of a purpose and step, of the seed of this stage. */
  stream(purpose: string, step = 0): RandomStream {
    return { seed: this.seed, purpose, step };
  }

  /** Writes a line chart to an output whose path ends in `.plot.json`, which the report draws. */
  writePlot(output: string, plot: PlotFile): void {
    writeFileSync(this.output(output), `${JSON.stringify(plot)}\n`);
  }

  /** Shows how far the work is. Cheap enough to call at every step. */
  progress({ step, total, metrics }: StageProgress): void {
    const every = Math.ceil(total / PROGRESS_LINES);
    if (step % every === 0 || step === total) {
      console.log(`::repro progress ${JSON.stringify({ step, total, metrics })}`);
    }
  }

  /** States how it computes, for its record: what no parameter or package tells, such as the backend that was found. */
  facts(facts: Readonly<Record<string, string>>): void {
    console.log(`::repro facts ${JSON.stringify(facts)}`);
  }

  /** Writes a line to the stage's log. */
  log(message: string): void {
    console.log(message);
  }

  /** Writes the reported numbers. */
  finish(): void {
    const { numbers } = this.#assignment;
    if (numbers === undefined) return;
    mkdirSync(dirname(numbers), { recursive: true });
    writeFileSync(numbers, `${JSON.stringify(this.#numbers, null, 2)}\n`);
  }

  #input(name: string): string | string[] | null {
    const path = this.#assignment.inputs[name];
    if (path === undefined) throw new Error(undeclared('input', name, this.name, this.#assignment.inputs));
    return path;
  }
}

/** Runs the body of a stage with its assignment and writes its numbers. A body that throws ends the process with 1. */
export async function runStage<Params = unknown>(body: (stage: Stage<Params>) => void | Promise<void>): Promise<void> {
  const path = process.env['REPRO_STAGE'];
  if (path === undefined) {
    throw new Error('REPRO_STAGE is not set: a stage is started by the runner, with "repro run STAGE"');
  }
  const assignment = JSON.parse(readFileSync(path, 'utf8')) as StageAssignment;
  const stage = new Stage<Params>(assignment, dirname(path));
  await body(stage);
  stage.finish();
}

function undeclared(what: string, name: string, stage: string, declared: object): string {
  return `${stage} declares no ${what} "${name}"; it declares ${Object.keys(declared).join(', ') || 'none'}`;
}
