// What the page knows of the run.
import type { ManifestGate } from '../../schema/types.ts';
import type { LiveCell, LiveMessage, LiveRun } from '../message.ts';

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
    for (const { stage, metric, cell, from, points } of message.curves) {
      const key = curveKey(stage, metric);
      const curve = this.curves.get(key) ?? { stage, metric, lines: new Map() };
      this.curves.set(key, curve);
      const line = curve.lines.get(cell) ?? [];
      curve.lines.set(cell, line);
      line.length = Math.min(line.length, from);
      line.push(...points.map(([step, value]): [number, number] => [step, value]));
    }
  }

  /** Seconds of the server's clock. */
  now(): number {
    return performance.now() / 1000 + this.#ahead;
  }
}

export const curveKey = (stage: string, metric: string): string => JSON.stringify([stage, metric]);
