// A stage's line of progress, `::repro progress {"step":120,"total":3000,"metrics":{"loss":1.25}}`, in any language.
import { progressPrefix } from './executor.ts';

/** Reported by a stage while it works. */
export interface Progress {
  readonly step: number;
  readonly total: number;
  /** Short facts to show, such as the loss. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The progress a line reports, or null when it is an ordinary line, or not well formed and better shown as it is. */
export function parseProgress(line: string): Progress | null {
  if (!line.startsWith(progressPrefix)) return null;
  let content: unknown;
  try {
    content = JSON.parse(line.slice(progressPrefix.length));
  } catch {
    return null;
  }
  if (typeof content !== 'object' || content === null) return null;
  const { step, total, metrics = {} } = content as { step?: unknown; total?: unknown; metrics?: unknown };
  if (typeof step !== 'number' || typeof total !== 'number') return null;
  if (typeof metrics !== 'object' || metrics === null) return null;
  const shown = Object.entries(metrics)
    // JSON has no NaN: a loss that became one arrives as null.
    .map(([name, value]: [string, unknown]) => [name, value === null ? Number.NaN : value] as const)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return { step, total, metrics: Object.fromEntries(shown) };
}
