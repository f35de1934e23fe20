// The ids of kept runs, without reading one.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { manifestFolder } from './places.ts';

/** Ids of the runs that are kept, the last one first: they sort by time. */
export async function keptRuns(root: string): Promise<string[]> {
  const files = await readdir(path.join(root, manifestFolder)).catch(() => []);
  const runs = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  return runs.sort().reverse();
}
