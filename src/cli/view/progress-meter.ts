// A stage's progress as text: step, metrics, rate and remaining time.
import { significantText } from '../../manifest/text/decimal-text.ts';
import { durationText } from '../../manifest/text/number-text.ts';
import type { Progress } from '../../runner/process/progress-line.ts';

/** Follows one stage. The rate is the average since its first report, so that start-up and resumed steps do not count. */
export class ProgressMeter {
  #first: { step: number; seconds: number } | null = null;
  #last: Progress | null = null;

  /**
   * Text for a report that arrives at `seconds` of the run's clock:
   * `step 120/3000, loss 1.25, 41.2 steps/s, 1 min 10 s left`.
   */
  update(progress: Progress, seconds: number): string {
    // A smaller step or another total is a new phase of the same stage.
    if (!this.#first || !this.#last || progress.step < this.#last.step || progress.total !== this.#last.total) {
      this.#first = { step: progress.step, seconds };
    }
    this.#last = progress;
    const parts = [`step ${progress.step}/${progress.total}`];
    for (const [name, value] of Object.entries(progress.metrics)) {
      parts.push(`${name} ${Number.isFinite(value) ? significantText(value, 4) : String(value)}`);
    }
    const rate = (progress.step - this.#first.step) / (seconds - this.#first.seconds);
    if (rate > 0 && Number.isFinite(rate)) {
      parts.push(`${rate >= 100 ? Math.round(rate) : rate.toPrecision(3)} steps/s`);
      if (progress.step < progress.total) parts.push(`${durationText((progress.total - progress.step) / rate)} left`);
    }
    return parts.join(', ');
  }
}

/** Share done, 0 to 1. */
export function fractionDone({ step, total }: Progress): number {
  return total > 0 ? Math.min(1, Math.max(0, step / total)) : 0;
}
