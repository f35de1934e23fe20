// Manifests by strangers, read by every verb and page: nothing crashes, hangs, obeys what a text says, or writes elsewhere.
import * as fs from 'node:fs';
import { readManifest } from '../../src/manifest/manifest.ts';
import { filesBelow } from '../rig/files-below.ts';
import { Tally, type Campaign, type Drawn, type Random } from './campaign.ts';
import { expectSane, Victim } from './victim.ts';

const verbs = [
  ['numbers', 'm.json'],
  ['numbers', 'm.json', '--json'],
  ['why', 'join.value'],
  ['diff', 'm.json', 'latest'],
  ['diff', 'latest', 'm.json'],
  ['gate', 'm.json', '--junit', 'out/junit.xml'],
  ['verify', 'm.json'],
  ['verify', 'm.json', '--recompute', '1', '--seed', '1', '-o', 'out/verification.md'],
  ['log', 'make', 'm.json'],
  ['report', 'm.json', '-o', 'out/report.html'],
  ['cite', 'm.json', '-o', 'out/numbers.tex'],
  ['export', 'ro-crate', 'm.json', '-o', 'out/crate'],
  ['export', 'in-toto', 'm.json', '-o', 'out/attestations.jsonl'],
  ['lint-paper', 'paper.md', 'm.json'],
];

/** Text that a terminal, a shell, TeX, HTML, Markdown or a path takes for more than text. */
const texts = [
  '\u001b[2J\u009b31m\u202e',
  '</script><img src=x onerror=alert(1)>',
  '}\\input{/etc/passwd}%\n\\newline',
  '$(touch evil) `touch evil`',
  '../../../../etc/passwd',
  '/dev/zero',
  '__proto__',
  'toString',
  '|a|b|\n# heading',
  'x'.repeat(100_000),
  `sha256:${'0'.repeat(64)}`,
  '',
];
const others: readonly unknown[] = [null, 0, -1, 1e308, -1e-320, 2 ** 53 - 1, true, [], {}, ...texts];

export const manifests: Campaign = {
  name: 'manifests',
  about: 'hostile manifests read by every verb and page: no crash, no code obeyed, no file elsewhere',
  rounds: { quick: 3, full: 300 },
  async run({ random, rounds }: Drawn) {
    const tally = new Tally();
    using victim = new Victim({ 'paper.md': 'We measure 5 and 0.25.\n' });
    await victim.repro(['run', '--set', 'n=3']);
    const text = victim.read('artifacts/manifest.json');
    fs.mkdirSync(victim.path('out'));
    const before = listing(victim.root);
    for (let round = 0; round < rounds; round++) {
      const manifest = hostile(text, random);
      const words = random.pick(verbs);
      // `why` reads the latest alone.
      const file = words[0] === 'why' ? 'artifacts/manifest.json' : 'm.json';
      fs.writeFileSync(victim.path(file), manifest);
      const ended = await victim.repro(words);
      expectSane(tally, round, ended, `the manifest ${manifest.slice(0, 6000)}`);
      fs.writeFileSync(victim.path('artifacts/manifest.json'), text);
      tally.count(/bad-manifest/.test(ended.output) ? 'refused' : 'read');
      const page = readIf(victim.path('out/report.html'));
      tally.expect(!/<img|onerror=alert\(1\)>/.test(page), round, () => 'the report has markup of the manifest');
      const tex = readIf(victim.path('out/numbers.tex'));
      tally.expect(!/\\input/.test(tex.replaceAll('\\textbackslash{}', '')), round, () => `TeX is obeyed: ${tex}`);
      fs.rmSync(victim.path('out'), { recursive: true });
      fs.mkdirSync(victim.path('out'));
      const now = listing(victim.root);
      tally.expect(now === before, round, () => `${words.join(' ')} changed files:\n${before}\n${now}`);
    }
    return tally.outcome();
  },
};

/** Most of them pass the schema: what is refused there reaches no verb. */
function hostile(text: string, random: Random): string {
  for (let attempt = 0; ; attempt++) {
    let manifest: unknown = JSON.parse(text);
    for (let changes = 1 + random.below(4); changes > 0; changes--) manifest = changed(manifest, random);
    const written = JSON.stringify(manifest);
    try {
      readManifest(written, 'm.json');
      return written;
    } catch {
      if (attempt === 20) return written;
    }
  }
}

function readIf(path: string): string {
  return fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : '';
}

/** Files of a project but its store, and of the directory above. */
function listing(root: string): string {
  return filesBelow(root)
    .filter((path) => !/^(\.repro\/|m\.json|out\/|node_modules)/.test(path))
    .join('\n');
}

/** One part of it, at any depth, as somebody else would have it: most of them are texts, that pass every schema. */
function changed(value: unknown, random: Random): unknown {
  if (typeof value === 'string' && random.below(4) > 0) {
    const extra = random.pick(texts);
    return random.below(2) === 0 ? extra : `${value}${extra}`;
  }
  if (typeof value === 'number' && random.below(4) > 0) return random.pick([-value, value * 1e9, 1e308, 0, 0.1]);
  if (typeof value !== 'object' || value === null || random.below(12) === 0) return random.pick(others);
  const keys = Object.keys(value);
  if (keys.length === 0) return random.pick(others);
  const key = random.pick(keys);
  const copy = structuredClone(value) as Record<string, unknown>;
  if (Array.isArray(copy) && random.below(6) === 0) copy.push(copy[Number(key)]);
  else if (!Array.isArray(copy) && random.below(10) === 0) {
    Object.defineProperty(copy, random.pick(texts.slice(0, 9)), { value: copy[key], enumerable: true });
  } else copy[key] = changed(copy[key], random);
  return copy;
}
