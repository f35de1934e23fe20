// A run as JSON lines: every event as it comes, one object per line.
import type { Emit } from '../../runner/event.ts';
import { jsonText } from './print.ts';

export function eventJson(write: (line: string) => void): Emit {
  return (event) => write(jsonText(event));
}
