// What the page knows of the run.
import { type StandardErrors, standardErrorsOf } from '../../manifest/gates/limits-text.ts';
import type { ManifestGate } from '../../schema/types.ts';
import type { LiveCell, LiveFigure, LiveMessage, LiveRun } from '../message.ts';

export interface Curve {
  readonly stage: string;
  readonly metric: string;
  readonly lines: Map<string, [step: number, value: number][]>;
}

export class Model {
  run: LiveRun | null = null;
  readonly cells = new Map<string, LiveCell>();
  readonly curves = new Map<string, Curve>();
  readonly gates = new Map<string, ManifestGate>();
  readonly notes: string[] = [];
  /** Seconds between the server's clock and this one's. */
  #ahead = 0;

  apply(message: LiveMessage): void {
    if (message.isWhole) {
      for (const known of [this.cells, this.curves, this.gates]) known.clear();
      this.notes.length = 0;
    }
    this.run = message.run;
    this.#ahead = message.run.now - performance.now() / 1000;
    for (const cell of message.cells) this.cells.set(cell.id, cell);
    for (const gate of message.gates) this.gates.set(gate.name, gate);
    this.notes.push(...message.notes);
    for (const figure of message.curves) this.#grow(figure);
  }

  #grow({ stage, metric, cells, lines }: LiveFigure): void {
    const key = curveKey(stage, metric);
    const known = this.curves.get(key)?.lines;
    const curve: Curve = { stage, metric, lines: new Map(cells.map((cell) => [cell, known?.get(cell) ?? []])) };
    this.curves.set(key, curve);
    for (const { cell, from, points } of lines) {
      const line = curve.lines.get(cell)!;
      line.length = Math.min(line.length, from);
      line.push(...points.map(([step, value]): [number, number] => [step, value]));
    }
  }

  /** Standard errors by the addresses of numbers. */
  errors(): StandardErrors {
    return standardErrorsOf(
      [...this.cells.values()].flatMap(({ id, numbers }) =>
        numbers.map(([name, number]) => ({ address: `${id}.${name}`, number })),
      ),
    );
  }

  /** Seconds of the server's clock. */
  now(): number {
    return performance.now() / 1000 + this.#ahead;
  }
}

export const curveKey = (stage: string, metric: string): string => JSON.stringify([stage, metric]);
