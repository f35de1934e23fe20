// The verb `run` in this process, as the command calls it, without the price of a start.
import { join } from 'node:path';
import { vi } from 'vitest';
import { runVerb } from '../../src/cli/run.ts';
import type { RunEvent } from '../../src/runner/event.ts';
import type { Rig } from './rig.ts';

export interface Asked {
  readonly profile?: string;
  readonly set?: readonly string[];
  readonly stages?: readonly string[];
}

/** Its exit code and its events. `onEvent` is told of each as it is printed. */
export async function runHere(
  rig: Rig,
  { stages = [], ...asked }: Asked,
  onEvent: (event: RunEvent) => void = () => {},
): Promise<{ code: number; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      for (const line of String(chunk).split('\n').filter(Boolean)) {
        const event = JSON.parse(line) as RunEvent;
        events.push(event);
        onEvent(event);
      }
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];
  try {
    const code = await runVerb({ file: join(rig.root, 'pipeline.yaml'), json: true, ...asked }, stages);
    return { code, events };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
