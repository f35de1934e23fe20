// Manifests and tags from strangers, through the real command: what is no canonical JSON is refused at the door of every verb.
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { quickProject } from './quick-project.ts';

const nested = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
/** What is done to the text of a manifest. */
const faults: readonly [string, (text: string) => string][] = [
  ['two members of the name "run"', (text) => text.replace('{', '{"run":null,')],
  ['is not exact as a number', (text) => text.replace(/"overrides":\{\}/, '"overrides":{"a":9007199254740993}')],
  ['half of a surrogate pair', (text) => text.replace(/"overrides":\{\}/, String.raw`"overrides":{"a":"\ud800"}`)],
  ['deeper than 128 levels', (text) => text.replace(/"overrides":\{\}/, `"overrides":${nested(4000)}`)],
  ['must match pattern', (text) => text.replaceAll('"file":"', String.raw`"file":"\u0000`)],
];

const verbs: readonly (readonly string[])[] = [
  ['numbers', 'other.json'],
  ['diff', 'other.json', 'latest'],
  ['cite', 'other.json'],
  ['report', 'other.json'],
  ['export', 'ro-crate', 'other.json'],
  ['export', 'in-toto', 'other.json'],
  ['verify', 'other.json'],
  ['lint-paper', 'paper.md', 'other.json'],
  ['log', 'measure', 'other.json'],
];

test('a manifest that canonical JSON cannot say is refused by every verb, with the place and what to do', async () => {
  await using project = await Rig.create({ ...quickProject, 'paper.md': 'It was 0.5.\n' });
  await project.repro('run');
  const text = project.read('artifacts/manifest.json');
  for (const [index, words] of verbs.entries()) {
    const [message, spoil] = faults[index % faults.length]!;
    expect(spoil(text)).not.toBe(text);
    project.write('other.json', spoil(text));
    const { code, stderr } = await project.repro(...words);
    expect({ words, code, stderr }).toMatchObject({ words, code: 2 });
    expect(stderr).toMatch(/error bad-manifest: "other\.json" is not a manifest: .*\n {2}hint: /);
    expect(stderr).toContain(message);
  }
});

test('a tag that names no run says so, and where it leads is no path', async () => {
  await using project = await Rig.create(quickProject);
  await project.repro('run');
  for (const content of ['garbage', '[]', '{"run":7}', '{"run":"../../elsewhere"}']) {
    project.write('.repro/tags/mine.json', content);
    for (const words of [['numbers', 'mine'], ['tag']]) {
      const { code, stderr } = await project.repro(...words);
      expect({ words, content, code, stderr }).toMatchObject({ words, content, code: 2 });
      expect(stderr).toContain('error bad-tag: ".repro/tags/mine.json" names no run');
    }
  }
  expect(await project.repro('tag', '--delete', 'mine')).toMatchObject({ code: 0 });
});
