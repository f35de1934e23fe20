import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rig } from '../rig/rig.ts';

const pipeline = (script: string, outputs: string): string => `
name: publish
stages:
  a: { run: [sh, -c, '${script}'], outputs: ${outputs} }
`;
const two = pipeline('mkdir d; echo 1 > d/one; echo 2 > d/two; echo 3 > f', '{ d: d/, f: f }');

describe('publishing', () => {
  it('rewrites only what differs, and restores what was edited or deleted', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': two });
    await rig.run();
    const inode = (path: string): number => fs.statSync(join(rig.root, path)).ino;
    const before = inode('artifacts/a/d/one');
    rig.write('artifacts/a/d/two', 'edited');
    fs.rmSync(join(rig.root, 'artifacts/a/f'));
    expect((await rig.run()).statuses).toEqual(['a restored']);
    expect(rig.read('artifacts/a/d/two')).toBe('2\n');
    expect(rig.read('artifacts/a/f')).toBe('3\n');
    expect(inode('artifacts/a/d/one')).toBe(before);
  });

  it('removes what an earlier result had and this one has not; never what people put there or changed', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': two });
    await rig.run();
    rig.write('artifacts/a/d/mine', 'mine');
    rig.write('artifacts/a/f', 'edited');
    rig.write('pipeline.yaml', pipeline('mkdir -p d/deep; echo 2 > d/two; echo x > d/deep/x', '{ d: d/ }'));
    await rig.run();
    expect(rig.list('artifacts/a')).toEqual(['d/deep/x', 'd/mine', 'd/two', 'f']);
    rig.write('pipeline.yaml', pipeline('mkdir d; echo 2 > d/two', '{ d: d/ }'));
    await rig.run();
    expect(rig.list('artifacts/a')).toEqual(['d/mine', 'd/two', 'f']);
    expect(rig.has('artifacts/a/d/deep')).toBe(false);
  });

  it('makes way when a file becomes a directory and back', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline('echo 1 > x', '{ x: x }') });
    await rig.run();
    rig.write('pipeline.yaml', pipeline('mkdir x; echo 1 > x/y', '{ x: x/ }'));
    expect((await rig.run()).outcome).toBe('complete');
    expect(rig.list('artifacts/a')).toEqual(['x/y']);
    rig.write('pipeline.yaml', pipeline('echo 1 > x', '{ x: x }'));
    expect((await rig.run()).outcome).toBe('complete');
    expect(rig.list('artifacts/a')).toEqual(['x']);
  });

  it('leaves what it does not know to be its own, when its memory is lost', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': two });
    await rig.run();
    rig.write('.repro/cache/published.json', 'damaged');
    rig.write('pipeline.yaml', pipeline('echo 3 > f', '{ f: f }'));
    await rig.run();
    expect(rig.list('artifacts/a')).toEqual(['d/one', 'd/two', 'f']);
  });
});

describe('names', () => {
  const longest = 'x'.repeat(255);

  it('may be as long as the file system takes, wherever they are copied to', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: long
stages:
  a: { run: [sh, -c, 'mkdir d; echo 1 > d/${longest}; echo 2 > ${longest}'], outputs: { d: d/, f: ${longest} } }
  b: { run: [sh, -c, 'cat ../inputs/d/d/x* ../inputs/f/x* > o'], inputs: { d: a.d, f: a.f }, outputs: { o: o } }
`,
    });
    expect((await rig.run()).statuses).toEqual(['a computed', 'b computed']);
    expect(rig.read('artifacts/b/o')).toBe('1\n2\n');
    fs.rmSync(join(rig.root, 'artifacts'), { recursive: true });
    expect((await rig.run()).statuses).toEqual(['a restored', 'b restored']);
    expect(rig.list('artifacts/a')).toEqual([`d/${longest}`, longest]);
  });

  it('beside one another never meet: no output is taken for a temporary file of another', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': pipeline(
        'for n in x x.repro-tmp x.next; do echo $n > $n; done',
        '{ t: x.repro-tmp, n: x.next, x: x }',
      ),
    });
    expect((await rig.run()).outcome).toBe('complete');
    expect(rig.list('artifacts/a')).toEqual(['x', 'x.next', 'x.repro-tmp']);
    rig.write('artifacts/a/x', 'edited');
    await rig.run();
    expect(rig.read('artifacts/a/x.repro-tmp')).toBe('x.repro-tmp\n');
  });
});
