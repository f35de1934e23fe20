// Every file and directory of .repro, cut, flipped, lost, replaced by something else, or sealed anew with other types in it.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { sealJson, unsealJson } from '../../src/store/sealed-json.ts';
import { Tally, type Campaign, type Drawn, type Random } from './campaign.ts';
import { expectHealed, expectSane, Victim } from './victim.ts';

const harms: Readonly<Record<string, (path: string, random: Random) => void>> = {
  lost: (path) => fs.rmSync(path, { recursive: true }),
  cut: (path, random) => rewrite(path, (bytes) => bytes.subarray(0, random.below(bytes.length))),
  flipped: (path, random) =>
    rewrite(path, (bytes) => {
      const at = random.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    }),
  'sealed anew': (path, random) => {
    const value = isFile(path) ? unsealJson(fs.readFileSync(path, 'utf8')) : undefined;
    if (value !== undefined) rewrite(path, () => Buffer.from(sealJson(altered(value, random))));
  },
  'a directory': (path) => replace(path, () => fs.mkdirSync(join(path, 'inside'), { recursive: true })),
  'a file': (path) => replace(path, () => fs.writeFileSync(path, 'a file')),
  'a link in circles': (path) => replace(path, () => fs.symlinkSync(path, path)),
  'a link to nothing': (path) => replace(path, () => fs.symlinkSync('nothing', path)),
  'a pipe': (path) => replace(path, () => spawnSync('mkfifo', [path])),
};

const verbs = [
  ['status'],
  ['numbers'],
  ['why', 'join.value'],
  ['verify'],
  ['gc'],
  ['gc', '--delete'],
  ['log', 'make'],
  ['report'],
  ['tag'],
  ['diff', 'previous', 'latest'],
  ['run', '--set', 'n=3', '--force'],
];

export const damage: Campaign = {
  name: 'damage',
  about: 'anything in .repro damaged or replaced: no verb crashes or hangs, the next run makes it good',
  rounds: { quick: 2, full: 150 },
  async run({ random, rounds }: Drawn) {
    const tally = new Tally();
    using whole = new Victim();
    for (const words of [
      ['run', '--set', 'n=2'],
      ['run', '--set', 'n=3'],
      ['audit', '--set', 'n=3'],
      ['tag', 'kept'],
    ])
      await whole.repro(words);
    for (let round = 0; round < rounds; round++) {
      using victim = new Victim();
      victim.copyFrom(whole.root);
      const place = random.pick(['lock', ...below(victim.path('.repro'))]);
      const [name, harm] = random.pick(Object.entries(harms));
      const path = victim.path(`.repro/${place}`);
      const after = `.repro/${place} ${name}`;
      if (place === 'lock') fs.writeFileSync(path, sealJson({ format: 'repro.lock/1', nonce: 'x' }));
      harm(path, random);
      tally.count(name);
      const isRefused = place === 'lock' && isFile(path);
      expectSane(tally, round, await victim.repro(random.pick(verbs)), after);
      // Nobody can tell who holds a lock that cannot be read: it is for a person to delete.
      if (isRefused) fs.rmSync(path, { force: true });
      // What nobody can have back: the manifest of a run. Giving that run up is what gc says.
      await expectHealed(tally, round, victim, 3, after);
    }
    return tally.outcome();
  },
};

/** Everything below a directory, by relative path. */
function below(directory: string): string[] {
  return fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
}

function isFile(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function rewrite(path: string, change: (bytes: Buffer) => Buffer): void {
  if (!isFile(path)) return;
  const bytes = fs.readFileSync(path);
  if (bytes.length === 0) return;
  fs.chmodSync(path, 0o644);
  fs.writeFileSync(path, change(bytes));
}

function replace(path: string, by: () => void): void {
  fs.rmSync(path, { recursive: true });
  by();
}

const others: readonly unknown[] = [null, 0, -1, 1.5, '', 'x', '../../x', true, [], {}, [null], { a: 1 }];

/** A value with one of its parts, at any depth, of another type or gone. Its format stays. */
function altered(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.below(6) === 0) return random.pick(others);
  const keys = Object.keys(value).filter((key) => key !== 'format');
  if (keys.length === 0) return random.pick(others);
  const key = random.pick(keys);
  const copy = structuredClone(value) as Record<string, unknown>;
  if (random.below(8) === 0) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else Reflect.deleteProperty(copy, key);
  } else copy[key] = altered(copy[key], random);
  return copy;
}
