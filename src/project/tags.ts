// The names that people gave to runs.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readTag } from './named-manifest.ts';
import { tagFolder } from './places.ts';

/** In the order of their letters. */
export async function tagNames(root: string): Promise<string[]> {
  const files = await readdir(path.join(root, tagFolder)).catch(() => []);
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  return names.sort();
}

/** @throws {ReproError} `bad-tag` where one names no run */
export async function readTags(root: string): Promise<{ readonly tag: string; readonly run: string }[]> {
  const tags: { tag: string; run: string }[] = [];
  for (const tag of await tagNames(root)) {
    const run = await readTag(root, tag);
    if (run !== null) tags.push({ tag, run });
  }
  return tags;
}
