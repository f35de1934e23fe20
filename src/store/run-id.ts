// Names of runs, `20261123T221500Z-3f2a`: the second a run began at, its millisecond as three hexadecimal digits, and a
// random digit. They sort in the order in which runs of a store began, wherever the clock jumps in between.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Store } from './store.ts';

const pattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([0-9a-f]{3})[0-9a-f]$/;

/** When a run of this name began, in milliseconds since 1970; null for what is no run's name. */
export function momentOfRun(id: string): number | null {
  const [, year, month, day, hour, minute, second, millisecond] = pattern.exec(id) ?? [];
  if (millisecond === undefined) return null;
  const moment = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) + parseInt(millisecond, 16);
  return Number.isNaN(moment) ? null : moment;
}

/**
 * A name that sorts after all that are taken. Where the clock was put back, the name goes on from the last one, as a
 * hybrid logical clock does. The run's manifest has the time that the clock tells.
 * @param now ISO 8601
 */
export function makeRunId(now: string, taken: readonly string[]): string {
  let moment = Date.parse(now);
  for (const id of taken) moment = Math.max(moment, (momentOfRun(id) ?? -Infinity) + 1);
  const date = new Date(moment);
  const millisecond = date.getUTCMilliseconds().toString(16).padStart(3, '0');
  return `${date.toISOString().replace(/[-:]|\.\d+/g, '')}-${millisecond}${randomUUID().slice(0, 1)}`;
}

/**
 * Names a run, and remembers the name before anything is computed: a run that is killed, or only replays, leaves records
 * under its name but no manifest. Only for the holder of the lock.
 * @param now ISO 8601
 */
export function nameRun({ files, directory }: Store, now: string): string {
  const kept = files.names(join(directory, 'manifests'));
  const file = join(directory, 'last-run');
  const last = files.readText(file, 'The name of the last run') ?? '';
  const id = makeRunId(now, [...kept.map((name) => name.replace(/\.json$/, '')), last.trim()]);
  files.write(file, `${id}\n`);
  return id;
}
