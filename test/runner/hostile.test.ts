// Names and texts that nobody would choose: paths that leave the project, links in circles, names in every alphabet, and
// stages that print what would take over a terminal, a page or a file format.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/pipeline/source.ts';
import { planOf, planText, texts } from '../pipeline/planning.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const stageOf = (more: string): string => `name: test\nstages:\n  s: { run: [sh, s.sh], code: [s.sh], ${more} }\n`;
const refusal = (text: string): string => {
  const result = planText(text);
  return 'plan' in result ? 'a plan' : texts(result.diagnostics);
};

describe('a pipeline file cannot lead out of its directories', () => {
  it.each([
    ["outputs: { out: '../x' }", 'bad-path'],
    ["outputs: { out: 'a/../../x' }", 'bad-path'],
    ["outputs: { out: '/x' }", 'bad-path'],
    ["outputs: { out: 'a\\b' }", 'bad-path'],
    ["outputs: { out: 'scratch/x' }", 'bad-path'],
    ["outputs: { '../x': x }", 'bad-value'],
    ["numbers: '../n.json'", 'bad-path'],
    ["inputs: { data: { file: '../x' } }", 'bad-path'],
    ["inputs: { data: { dir: 'a/../../x' } }", 'bad-path'],
    ["inputs: { data: { dir: '.repro/objects' } }", 'bad-path'],
    ["inputs: { '../x': { file: x } }", 'bad-value'],
    ["matrix: { axis: ['../x'] }", 'bad-value'],
    ["matrix: { axis: ['..'] }", 'bad-value'],
    ["matrix: { axis: ['a/b'] }", 'bad-value'],
    ["matrix: { '../x': [1] }", 'bad-value'],
    ["env: ['A=B']", 'bad-value'],
    ["inputs: { data: { url: 'file:///etc/passwd', sha256: '0' } }", 'bad-value'],
  ])('%s', (more, code) => {
    expect(refusal(stageOf(more))).toMatch(new RegExp(`^pipeline\\.yaml:\\d+:\\d+ error ${code}: `));
  });

  it('two spellings of one accented name are one path', () => {
    const [composed, decomposed] = ['\u00e9', 'e\u0301'];
    expect(refusal(stageOf(`outputs: { a: '${composed}/x', b: '${decomposed}/x' }`))).toContain('duplicate-output');
    expect(planOf(stageOf(`outputs: { a: '${composed}/x', b: '${decomposed}/y' }`)).cells).toHaveLength(1);
  });

  it('holds whatever a name is made of', () => {
    const piece = fc.constantFrom('..', '.', '/', '\\', 'a', ' ', 'é', '%2e%2e', '~', '$HOME', '-', ':', '*', '\u202e');
    const names = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(names, (name) => {
        const result = planText(stageOf(`outputs: { out: ${JSON.stringify(name)} }`));
        if (!('plan' in result)) return;
        const path = result.plan.cells[0]!.outputs['out']!;
        expect(join('/run', path)).toMatch(/^\/run\/./);
        expect(path.split('/')).not.toContain('..');
      }),
    );
  });
});

describe('bytes that are no text', () => {
  it('are refused with their place', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': '', 's.sh': '' });
    writeFileSync(
      join(rig.root, 'pipeline.yaml'),
      Buffer.concat([Buffer.from('name: é\nseed: '), Buffer.from([0xff, 0x31])]),
    );
    const { code, stderr } = await rig.repro('status');
    expect(code).toBe(2);
    expect(stderr).toContain('pipeline.yaml:2:7 error yaml-syntax: The file is not UTF-8 text');
    writeFileSync(join(rig.root, 'pipeline.yaml'), Buffer.from('\ufeffname: x\n', 'utf16le'));
    expect((await rig.repro('status')).stderr).toContain('pipeline.yaml:1:1 error yaml-syntax: The file is not UTF-8');
  });

  it('decodeText() gives back every text, and the place of whatever is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeText(Buffer.from(text))).toEqual({ text, invalidAt: null });
        const broken = decodeText(Buffer.concat([Buffer.from(text), Buffer.from([0xc3]), Buffer.from('x')]));
        expect(broken.invalidAt).toBe(text.replace(/\ufffd+$/, '').length);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { text, invalidAt } = decodeText(bytes);
        const isText = Buffer.from(text).equals(bytes);
        expect(invalidAt === null).toBe(isText);
        expect(invalidAt ?? 0).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('files', () => {
  const odd = [
    'with space',
    'quote\'"',
    'ünïcode',
    'e\u0301',
    '日本語',
    '-rf',
    '$(touch evil)',
    'new\nline',
    '\u001b[2J',
  ];

  it('with any name go in, come out, and are restored', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages:
  make: { run: make.mjs, inputs: { tree: { dir: 'in put/ü' } }, outputs: { tree: 'out put/é/', one: 'a b/日本語.txt' } }
  use: { run: use.mjs, inputs: { tree: make.tree, one: make.one }, outputs: { list: list.json } }
`,
      'make.mjs': `import { cpSync, readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
cpSync(inputs.tree, outputs.tree, { recursive: true }); writeFileSync(outputs.one, 'one');`,
      'use.mjs': `import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.list, JSON.stringify([readdirSync(inputs.tree).sort(), readFileSync(inputs.one, 'utf8')]));`,
    });
    for (const name of odd) rig.write(`in put/ü/${name}`, name);
    expect((await rig.run()).statuses).toEqual(['make computed', 'use computed']);
    expect(JSON.parse(rig.read('artifacts/use/list.json'))).toEqual([[...odd].sort(), 'one']);
    expect(rig.list('artifacts/make/out put/é')).toEqual([...odd].sort());
    expect((await rig.run()).statuses).toEqual(['make restored', 'use restored']);
    expect(rig.has('evil')).toBe(false);
  });

  it('of a project whose own path is odd: modules and commands run, watched and not', async () => {
    await using rig = await Rig.create({});
    const home = "it's a #1 100% é [x] project";
    const files = {
      'pipeline.yaml': `name: test
stages:
  m: { run: m.mjs, inputs: { data: { file: data.txt } }, outputs: { out: out.txt } }
  c: { run: [sh, c.sh], code: [c.sh], inputs: { data: m.out }, outputs: { out: out.txt } }
`,
      'm.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
import { encode } from 'fast-png';
const { inputs, outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.out, readFileSync(inputs.data, 'utf8') + typeof encode);`,
      'c.sh': 'cat ../inputs/data/* > out.txt',
      'data.txt': 'data ',
    };
    for (const [name, text] of Object.entries(files)) rig.write(`${home}/${name}`, text);
    for (const options of [[], ['--strict']]) {
      const run = await rig.repro('run', '--file', `${home}/pipeline.yaml`, ...options);
      expect(run.code, run.stdout + run.stderr).toBe(0);
    }
    expect(rig.read(`${home}/artifacts/c/out.txt`)).toBe('data function');
  });

  it('that are links: a link out of the project is read, hashed and mentioned; declared external, it is not', async () => {
    await using elsewhere = temporaryDirectory({ 'data.txt': 'far' });
    const project = (external: string): Record<string, string> => ({
      'pipeline.yaml': stageOf(`inputs: { data: { file: link${external} } }, outputs: { out: out.txt }`),
      's.sh': `cat "$(sed -n 's/.*"data": "\\(.*\\)".*/\\1/p' "$REPRO_STAGE")" > out.txt`,
    });
    for (const external of ['', ', external: true']) {
      await using rig = await Rig.create(project(external));
      symlinkSync(join(elsewhere.path, 'data.txt'), join(rig.root, 'link'));
      const run = await rig.run();
      expect(rig.read('artifacts/s/out.txt')).toBe('far');
      const warnings = run.events.filter(({ kind }) => kind === 'warning');
      expect(warnings).toHaveLength(external === '' ? 1 : 0);
      // The content counts, wherever it lies.
      writeFileSync(join(elsewhere.path, 'data.txt'), 'farther');
      expect((await rig.run()).statuses).toEqual(['s computed']);
      writeFileSync(join(elsewhere.path, 'data.txt'), 'far');
    }
  });

  it.each<[string, (root: string) => void, string]>([
    ['in circles', (root) => symlinkSync('..', join(root, 'data/loop')), 'leads in a circle'],
    ['to themselves', (root) => symlinkSync('self', join(root, 'data/self')), 'ELOOP'],
    ['to nothing', (root) => symlinkSync('nothing', join(root, 'data/none')), 'broken link'],
    ['to a device', (root) => symlinkSync('/dev/zero', join(root, 'data/zero')), 'neither a file nor a directory'],
  ])('that are links %s fail the stage that reads them', async (_, link, message) => {
    await using rig = await Rig.create({
      'pipeline.yaml': stageOf('inputs: { data: { dir: data } }, outputs: { out: out.txt }'),
      's.sh': 'echo 1 > out.txt',
    });
    mkdirSync(join(rig.root, 'data'));
    link(rig.root);
    const run = await rig.run();
    expect(run.cells[0]?.failure?.message).toContain(message);
  });

  it.each([
    ['an output that is a link', 'ln -s /etc/hostname out.txt; mkdir d; echo 1 > d/x', 'bad-output'],
    ['a directory on the way that is a link', 'ln -s "$TMPDIR" d; echo 1 > out.txt; echo 1 > d/x', 'bad-output'],
    ['a link within an output directory', 'echo 1 > out.txt; mkdir d; ln -s /etc/hostname d/x', 'bad-file'],
    ['a link beside its outputs', 'echo 1 > out.txt; mkdir d; echo 1 > d/x; ln -s / top', 'unexpected-output'],
    ['a pipe as an output', 'mkfifo out.txt; mkdir d; echo 1 > d/x', 'bad-output'],
    ['a pipe within an output directory', 'echo 1 > out.txt; mkdir d; mkfifo d/x', 'bad-file'],
    ['a name that is no text', `echo 1 > out.txt; mkdir d; echo 1 > d/$(printf '\\377')`, 'bad-file'],
    [
      'another assignment',
      'rm stage.json; ln -s /etc/hostname stage.json; echo 1 > out.txt; mkdir d; echo 1 > d/x',
      null,
    ],
  ])('%s is refused: %s', async (_, script, code) => {
    await using rig = await Rig.create({
      'pipeline.yaml': stageOf('outputs: { out: out.txt, dir: d/ }'),
      's.sh': `set -e\n${script}\n`,
    });
    const run = await rig.run();
    expect(run.cells[0]?.failure?.code ?? null, JSON.stringify(run.cells[0]?.failure)).toBe(code);
    if (code !== null) expect(rig.has('artifacts/s')).toBe(false);
  });
});

describe('what a stage prints and reports', () => {
  /** Escape sequences, a bell, an 8-bit CSI, reordering, markup, what XML cannot hold, Markdown. */
  const evil =
    '\u001b]0;title\u0007\u001b[2J\u009b31m\u202eabc\u2066\r<script>alert(1)</script>&]]>"\'`|\n::stop\u0000\ufffe![x](http://y)';
  // eslint-disable-next-line no-control-regex -- what must not reach a terminal
  const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

  it('reaches no terminal, JSON reader, page or gate unescaped', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages:
  good: { run: good.mjs, outputs: { plot: x.plot.json }, numbers: n.json }
  bad: { run: bad.mjs, inputs: { plot: good.plot } }
gates: { low: { number: good.loss, max: 1 } }
`,
      'good.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const evil = ${JSON.stringify(evil)};
process.stdout.write(evil); console.error(evil);
console.log('::repro progress ' + JSON.stringify({ step: 1, total: 2, metrics: { [evil]: 1 } }));
writeFileSync(outputs.plot, JSON.stringify({ title: evil, x: { label: evil }, y: { label: evil }, series: [{ name: evil, points: [[0, 1], [1, 2]] }], note: evil }));
writeFileSync(numbers, JSON.stringify({ loss: { value: 2, unit: evil.slice(0, 40), kind: 'exact', note: evil } }));`,
      'bad.mjs': `process.stdout.write(${JSON.stringify(evil)}); throw new Error(${JSON.stringify(evil)});`,
    });
    const run = await rig.repro('run', '--report');
    expect(run.code).toBe(1);
    const commands = [
      ['run', '--json'],
      ['status'],
      ['log', 'good'],
      ['log', 'good', '--json'],
      ['numbers'],
      ['numbers', '--json'],
      ['why', 'good.loss'],
      ['why', 'good.loss', '--json'],
      ['gate'],
      ['gate', '--json'],
      ['verify'],
      ['diff', 'latest', 'latest'],
    ];
    const shown = [run, ...(await Promise.all(commands.map((words) => rig.repro(...words))))];
    for (const [index, { stdout, stderr }] of shown.entries()) {
      const words = index === 0 ? ['run'] : commands[index - 1]!;
      expect(stdout + stderr, words.join(' ')).not.toMatch(dangerous);
      if (words.includes('--json'))
        for (const line of words[0] === 'run' ? stdout.trim().split('\n') : [stdout]) JSON.parse(line);
    }
    expect(shown.map(({ stdout }) => stdout).join()).toContain('\\u001b[2J');
    const page = rig.read('artifacts/report.html');
    expect(page).not.toMatch(dangerous);
    // Its data and its own script.
    expect(page.match(/<script/gi)).toHaveLength(2);
    expect(page).toContain('&lt;script&gt;');
    // The log keeps what was printed, byte for byte.
    const failed = readFileSync(join(rig.root, /log: (\S+)/.exec(run.stdout)![1]!), 'utf8');
    expect(failed).toContain('\u001b[2J');
  });
});
