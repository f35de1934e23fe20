// A manifest of a stranger, every text of which would take over a terminal, read by every verb.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest } from '../../src/manifest/manifest.ts';
import { Rig } from '../rig/rig.ts';
import { quickProject } from './quick-project.ts';

/** Escape sequences of both kinds, a colour, blinking, a title, reordering, and a line that looks like ours. */
const evil = '\u001b[5m\u001b]0;t\u0007\u009b31m\u202e\u2028\r\u001b[35m\ncomplete: 9 stages';
// eslint-disable-next-line no-control-regex -- what must not reach a terminal, but for line ends
const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
// eslint-disable-next-line no-control-regex -- our own colours
const ours = /\u001b\[(?:1|2|22|31|32|33|34|36|39)m/g;

type Node = Record<string, unknown> | unknown[];

/** The manifest with the text added to every string and key that may be any, as far as it stays a manifest. */
function poisoned(text: string): { text: string; places: number } {
  const root = JSON.parse(text) as Node;
  let places = 0;
  const isManifest = () => {
    try {
      readManifest(JSON.stringify(root), 'x');
      return true;
    } catch {
      return false;
    }
  };
  const walk = (node: Node) => {
    for (const key of Object.keys(node)) {
      const parent = node as Record<string, unknown>;
      const value = parent[key];
      if (typeof value === 'object' && value !== null) walk(value as Node);
      if (typeof value === 'string') {
        parent[key] = value + evil;
        if (isManifest()) places += 1;
        else parent[key] = value;
      }
    }
  };
  walk(root);
  return { text: JSON.stringify(root), places };
}

test('no verb lets a text of a manifest command the terminal', { timeout: 240_000 }, async () => {
  await using rig = await Rig.create({
    ...quickProject,
    'pipeline.yaml': `${quickProject['pipeline.yaml']}gates: { low: { number: measure.loss, max: 0.105 } }\n`,
    'paper.md': `It is 0.1234. <!-- repro: a${evil.replaceAll(/\s/g, '')} -->\n`,
    'template.md': `{{measure[replicate=0].loss}} {{measure[replicate=0].loss | unit}} {{?x${evil.split('\r')[0]}}}\n`,
  });
  await rig.repro('run');
  const { text, places } = poisoned(rig.read('artifacts/manifest.json'));
  expect(places).toBeGreaterThan(30);
  const [folder, stranger] = ['stranger', 'stranger/manifest.json'];
  mkdirSync(join(rig.root, folder));
  writeFileSync(join(rig.root, stranger), text);
  mkdirSync(join(rig.root, '.repro/tags'), { recursive: true });
  writeFileSync(join(rig.root, '.repro/tags/theirs.json'), JSON.stringify({ run: `R${evil}` }));
  const read = [
    ['numbers', stranger],
    ['diff', stranger, 'latest'],
    ['diff', 'latest', stranger],
    ['gate', stranger],
    ['gate', '--self-test', stranger],
    ['verify', stranger, '-o', 'verified.md'],
    ['verify', stranger, '--recompute', '1'],
    ['report', stranger, '-o', 'report.html'],
    ['cite', stranger, '-o', 'numbers.tex'],
    ['cite', stranger, '--fill', 'template.md'],
    ['lint-paper', 'paper.md', stranger],
    ['export', 'ro-crate', stranger, '-o', 'crate.json'],
    ['export', 'in-toto', stranger, '-o', 'statements.jsonl'],
    ['export-model', 'measure', stranger],
    ['figure', 'measure', stranger],
    ['figure', `no${evil}`, stranger],
    ['log', 'measure[replicate=0]', stranger],
    ['log', `no${evil}`, stranger],
    ['tag'],
    ['numbers', 'theirs'],
    ['numbers', `no${evil}`],
    [`no${evil.split('\n')[0]}`],
    ['complete', '--', 'numbers', ''],
  ];
  // Verbs that know only the latest run read it in its place.
  const latest = [
    ['why', 'measure[replicate=0].loss'],
    ['why', `measure.no${evil}`],
    ['status'],
    ['gc'],
    ['run'],
    ['audit'],
  ];
  const asked = (words: readonly string[]) => rig.startWith({ environment: { FORCE_COLOR: '1' } }, ...words).result;
  const answers: [readonly string[], { code: number | null; stdout: string; stderr: string }][] = [];
  for (const words of read) answers.push([words, await asked(words)]);
  for (const words of latest) {
    writeFileSync(join(rig.root, 'artifacts/manifest.json'), text);
    answers.push([words, await asked(words)]);
  }
  for (const [words, { stdout, stderr }] of answers) {
    const name = JSON.stringify(words);
    expect((stdout + stderr).replaceAll(ours, ''), name).not.toMatch(dangerous);
    expect(stdout + stderr, name).not.toMatch(/^complete: 9 stages/m);
    expect(stderr, name).not.toContain('This is a bug of repro');
  }
  // The texts did arrive: what is tested is not that verbs refuse them.
  const told = answers.filter(([, { stdout, stderr }]) => (stdout + stderr).includes('\\u001b[5m'));
  expect(told.length).toBeGreaterThan(8);
});
