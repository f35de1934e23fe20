// A stage's progress as text: step, metrics, rate and remaining time.
import { significantText } from '../manifest/text/decimal-text.ts';
import { durationText } from '../manifest/text/number-text.ts';
import type { Progress } from '../runner/process/progress-line.ts';

/** Texts; null where there is no rate yet. */
export interface Reading {
  readonly step: string;
  readonly left: string | null;
  readonly rate: string | null;
  readonly metrics: readonly string[];
}

/** Follows one stage. The rate is the average since its first report, so that start-up and resumed steps do not count. */
export class ProgressMeter {
  #first: { step: number; seconds: number } | null = null;
  #last: Progress | null = null;
  #lastAt = 0;

  /** What to say of a report that arrives at `seconds` of the run's clock. */
  update(progress: Progress, seconds: number): Reading {
    this.track(progress, seconds);
    return this.reading()!;
  }

  /** Takes in a report, of which nothing may ever be said: there may be thousands a second. */
  track(progress: Progress, seconds: number): void {
    // A smaller step or another total is a new phase of the same stage.
    if (!this.#first || !this.#last || progress.step < this.#last.step || progress.total !== this.#last.total) {
      this.#first = { step: progress.step, seconds };
    }
    this.#last = progress;
    this.#lastAt = seconds;
  }

  /** What to say of the last report; null where there is none. */
  reading(): Reading | null {
    if (!this.#first || !this.#last) return null;
    const { step, total, metrics } = this.#last;
    const rate = (step - this.#first.step) / (this.#lastAt - this.#first.seconds);
    const isMoving = rate > 0 && Number.isFinite(rate);
    return {
      step: `step ${step}/${total}`,
      left: isMoving && step < total ? `${durationText((total - step) / rate)} left` : null,
      rate: isMoving ? `${rate >= 100 ? Math.round(rate) : rate.toPrecision(3)} steps/s` : null,
      metrics: Object.entries(metrics).map(
        ([name, value]) => `${name} ${Number.isFinite(value) ? significantText(value, 4) : String(value)}`,
      ),
    };
  }
}

/** `step 120/3000, loss 1.25, 41.2 steps/s, 1 min 10 s left` */
export function lineText({ step, left, rate, metrics }: Reading): string {
  return [step, ...metrics, rate ?? [], left ?? []].flat().join(', ');
}

/** `  4%  1 min 10 s left, step 120/3000, 41.2 steps/s, loss 1.25`: what a narrow terminal cuts comes last. */
export function rowText({ step, left, rate, metrics }: Reading, progress: Progress): string {
  const percent = `${Math.floor(100 * fractionDone(progress))}%`.padStart(4);
  return `${percent}  ${[left ?? [], step, rate ?? [], ...metrics].flat().join(', ')}`;
}

/** Share done, 0 to 1. */
export function fractionDone({ step, total }: Progress): number {
  return total > 0 ? Math.min(1, Math.max(0, step / total)) : 0;
}
