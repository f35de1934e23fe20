// A run as it stands, folded from its events, and what of it a page that knows an earlier version lacks.
import { auditText } from '../manifest/verification/audit-text.ts';
import { durationText } from '../manifest/text/number-text.ts';
import type { RunEvent } from '../runner/event.ts';
import type { Clock } from '../runner/process/clock.ts';
import type { ManifestGate } from '../schema/types.ts';
import { LiveCurves } from './live-curves.ts';
import type { LiveCell, LiveMessage, LiveRun } from './message.ts';
import { fractionDone, lineText, ProgressMeter } from './progress-meter.ts';

/** Notes that are kept: a run that warns without end must not fill the memory. */
const mostNotes = 200;
/** Characters of a line that a stage printed. */
const mostSaid = 300;

interface Versioned<Value> {
  value: Value;
  version: number;
}

interface KnownCell extends Versioned<LiveCell> {
  meter: ProgressMeter;
  /** What is said of it is its progress. */
  isReporting: boolean;
}

/** How a run came out; of one that never began, what was wrong. */
export type Outcome = Pick<LiveRun, 'outcome' | 'isFine' | 'report'>;

export class LiveState {
  readonly #clock: Clock;
  #run: Omit<LiveRun, 'now'>;
  #cells = new Map<string, KnownCell>();
  #curves = new LiveCurves();
  #gates = new Map<string, Versioned<ManifestGate>>();
  #notes: Versioned<string>[] = [];
  #version = 1;
  /** The version with which the run began. */
  #beginning = 1;

  constructor(clock: Clock, isWatching: boolean) {
    this.#clock = clock;
    this.#run = { ...noRun, since: clock.seconds(), isWatching };
  }

  get version(): number {
    return this.#version;
  }

  /** What is to be told to a page that knows a version; 0 knows nothing. */
  since(known: number): LiveMessage {
    const isWhole = known < this.#beginning;
    const version = isWhole ? 0 : known;
    const newer = <Value>(all: Iterable<Versioned<Value>>): Value[] =>
      [...all].filter((each) => each.version > version).map(({ value }) => value);
    return {
      isWhole,
      run: { ...this.#run, now: this.#clock.seconds() },
      cells: [...this.#cells.values()].filter((cell) => cell.version > version).map(toldCell),
      curves: this.#curves.since(version),
      gates: newer(this.#gates.values()),
      notes: newer(this.#notes),
    };
  }

  /** The run is over, or could not begin. */
  end(outcome: Outcome): void {
    this.#version += 1;
    if (this.#run.phase === 'over') this.#begin({ ...noRun, since: this.#clock.seconds() });
    this.#run = { ...this.#run, ...outcome, phase: 'over', until: this.#clock.seconds() };
  }

  add(event: RunEvent): void {
    this.#version += 1;
    switch (event.kind) {
      case 'run-started':
        return this.#start(event);
      case 'warning':
        return this.#note(event.stage === null ? event.message : `${event.stage}: ${event.message}`);
      case 'gate-judged':
        this.#gates.set(event.gate.name, { value: event.gate, version: this.#version });
        return;
      case 'pushing':
        return this.#note(`${event.results} results are on their way to ${event.remote}`);
      case 'pushed':
        return this.#note(`pushed to ${event.remote}: ${event.results} results`);
      case 'run-finished': // `end` tells how it came out
        return;
      default: {
        const cell = this.#cells.get(event.stage);
        if (cell === undefined) return;
        if (event.kind === 'stage-progress') this.#progress(cell, event);
        else this.#change(cell, event);
      }
    }
  }

  #start({ run, pipeline, profile, stages }: RunEvent & { kind: 'run-started' }): void {
    this.#begin({
      ...noRun,
      id: run,
      pipeline,
      profile,
      phase: 'running',
      since: this.#clock.seconds(),
    });
    for (const id of stages) {
      const value = { ...noCell, id, stage: id.replace(/\[.*$/, '') };
      this.#cells.set(id, { value, version: this.#version, meter: new ProgressMeter(), isReporting: false });
    }
  }

  #begin(run: Partial<LiveRun>): void {
    this.#beginning = this.#version;
    this.#run = { ...this.#run, ...run };
    this.#cells = new Map();
    this.#curves = new LiveCurves();
    this.#gates = new Map();
    this.#notes = [];
  }

  #note(value: string): void {
    this.#notes.push({ value, version: this.#version });
    if (this.#notes.length > mostNotes) this.#notes.shift();
  }

  #progress(cell: KnownCell, { progress }: RunEvent & { kind: 'stage-progress' }): void {
    this.#curves.add(cell.value.stage, cell.value.id, progress, this.#version);
    cell.meter.track(progress, this.#clock.seconds());
    cell.value = { ...cell.value, done: fractionDone(progress) };
    cell.isReporting = true;
    cell.version = this.#version;
  }

  #change(cell: KnownCell, event: OtherStageEvent): void {
    if (event.kind === 'stage-retried') {
      cell.meter = new ProgressMeter();
      this.#curves.restart(cell.value.id, this.#version);
    }
    const change = this.#changeOf(event);
    if (change === null) return;
    cell.value = { ...cell.value, ...change };
    if (cell.value.status !== 'running') this.#curves.end(cell.value.id);
    if (change.said !== undefined) cell.isReporting = false;
    cell.version = this.#version;
  }

  /** Null where there is nothing to show. */
  #changeOf(event: OtherStageEvent): Partial<LiveCell> | null {
    const now = this.#clock.seconds();
    switch (event.kind) {
      case 'stage-queued':
        return { status: 'queued', said: `queued on ${event.executor}` };
      case 'stage-started': {
        const where = event.host === undefined ? 'started' : `started on ${event.host}`;
        return { status: 'running', since: now, said: said([where, ...event.reasons].join('; ')) };
      }
      case 'stage-retried':
        return {
          status: 'running',
          since: now,
          done: null,
          said: said(`attempt ${event.attempt} of ${event.attempts}, after: ${event.failure.message}`),
        };
      case 'stage-output':
        // What was meant as progress and is none is for the log.
        return event.line.trim() === '' || event.line.startsWith('::repro ') ? null : { said: said(event.line) };
      case 'stage-finished':
        return { ...ended('computed', event.seconds), numbers: Object.entries(event.numbers) };
      case 'stage-restored': {
        const from = event.from === undefined ? '' : ` from ${event.from}`;
        const text = `restored${from}, computed by run ${event.run} in ${durationText(event.seconds)}`;
        return { ...ended('restored', event.seconds, text), numbers: Object.entries(event.numbers) };
      }
      case 'stage-repeated':
        return { said: said(event.failure?.message ?? auditText(event.audit)) };
      case 'stage-failed': {
        const { message, hint, tail } = event.failure;
        return { ...ended('failed', null, message), tail: [...tail.map(said), ...(hint === undefined ? [] : [hint])] };
      }
      case 'stage-blocked':
        return ended('blocked', null, `not run, because ${event.by} failed`);
      case 'stage-cancelled':
        return ended('cancelled', null, 'cancelled');
    }
  }
}

/** Its progress is put into words when it is told. */
function toldCell({ value, meter, isReporting }: KnownCell): LiveCell {
  const reading = isReporting ? meter.reading() : null;
  return reading === null ? value : { ...value, said: said(lineText(reading)) };
}

type OtherStageEvent = Exclude<Extract<RunEvent, { kind: `stage-${string}` }>, { kind: 'stage-progress' }>;

const noRun = {
  id: null,
  pipeline: null,
  profile: null,
  phase: 'awaited',
  outcome: null,
  isFine: true,
  until: null,
  report: null,
} as const;

const noCell = { status: 'waiting', said: '', done: null, since: null, seconds: null, numbers: [], tail: [] } as const;

function ended(status: LiveCell['status'], seconds: number | null, text = ''): Partial<LiveCell> {
  return { status, seconds, said: said(text), done: null };
}

const said = (text: string): string => (text.length > mostSaid ? `${text.slice(0, mostSaid)}…` : text);
