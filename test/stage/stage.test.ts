import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parsePlot } from '../../src/report/plot.ts';
import type { PlotFile, StageAssignment } from '../../src/schema/types.ts';
import { runStage, Stage, writeCheckpoint } from '../../src/stage/index.ts';
import { meanAndStandardError } from '../../src/statistics/mean.ts';
import { normals } from '../../src/tensor/random.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const assignment: StageAssignment = {
  protocol: 1,
  stage: 'train',
  cell: { toy: 'two' },
  seed: 5,
  threads: 2,
  params: { train: { steps: 3 } },
  inputs: { data: '/data', all: ['/a', '/b'], none: null },
  outputs: { model: '' },
  numbers: '',
};

/** A stage in a directory of its own. */
function sketch(root: string, changes: Partial<StageAssignment> = {}): Stage {
  const outputs = { model: join(root, 'out/model.bin') };
  return new Stage({ ...assignment, outputs, numbers: join(root, 'n/numbers.json'), ...changes }, root);
}

describe('Stage', () => {
  it('hands out what was assigned, and makes directories for what is written', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path);
    expect([stage.name, stage.cell, stage.seed, stage.threads]).toEqual(['train', { toy: 'two' }, 5, 2]);
    expect(stage.input('data')).toBe('/data');
    expect(stage.inputs('all')).toEqual(['/a', '/b']);
    expect([stage.optionalInput('none'), stage.optionalInput('data')]).toEqual([null, '/data']);
    expect(existsSync(join(stage.output('model'), '..'))).toBe(true);
    expect(existsSync(stage.scratch)).toBe(true);
  });

  it('refuses what is not declared or of another kind, saying what is', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path);
    expect(() => stage.input('date')).toThrow('train declares no input "date"; it declares data, all, none');
    expect(() => stage.input('none')).toThrow(/absent: use optionalInput/);
    expect(() => stage.input('all')).toThrow(/a list: use inputs/);
    expect(() => stage.inputs('data')).toThrow(/not a list: use input/);
    expect(() => stage.output('x')).toThrow('train declares no output "x"; it declares model');
  });

  it('writes the numbers reported when it finishes', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path);
    const number = { value: 1.5, unit: 'nats', kind: 'estimate', n: 10, standardError: 0.1 } as const;
    stage.report('nll', number);
    stage.finish();
    expect(JSON.parse(readFileSync(join(directory.path, 'n/numbers.json'), 'utf8'))).toEqual({ nll: number });
  });

  it('refuses numbers that say nothing, by name', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path);
    const number = { value: 1, unit: '1', kind: 'exact' } as const;
    expect(() => stage.report('nll', { ...number, value: Number.NaN })).toThrow(/value of "nll" is NaN/);
    expect(() => stage.report('nll', { ...number, standardError: Infinity })).toThrow(
      /standardError of "nll" is Infinity/,
    );
    stage.report('nll', number);
    expect(() => stage.report('nll', number)).toThrow(/reports "nll" twice/);
    const { numbers: _, ...silent } = assignment;
    expect(() => new Stage(silent, directory.path).report('nll', number)).toThrow(/declares no numbers file/);
  });

  it('reports a mean with its standard error and number of values, the same to the last bit as src/statistics', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path);
    const values = normals({ seed: 1, purpose: 'test' }, 1001).map((value) => 1e4 + value);
    const expected = meanAndStandardError(values);
    expect(stage.reportMean('loss', values, { unit: 'nats', better: 'lower', note: 'over images' })).toEqual(expected);
    stage.reportMean('bound', Array.from(values), { unit: 'nats', kind: 'upper-bound' });
    stage.finish();
    const { mean: value, standardError, n } = expected;
    expect(JSON.parse(readFileSync(join(directory.path, 'n/numbers.json'), 'utf8'))).toEqual({
      loss: { value, standardError, n, unit: 'nats', kind: 'estimate', better: 'lower', note: 'over images' },
      bound: { value, standardError, n, unit: 'nats', kind: 'upper-bound' },
    });
  });

  it('reports a mean that was found elsewhere as it is', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path);
    stage.reportMean('difference', { mean: 2, standardError: 0.5, n: 9 }, { unit: '1' });
    stage.finish();
    expect(JSON.parse(readFileSync(join(directory.path, 'n/numbers.json'), 'utf8'))).toEqual({
      difference: { value: 2, standardError: 0.5, n: 9, unit: '1', kind: 'estimate' },
    });
  });

  it('refuses the mean of one value, which has no standard error, by name', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path);
    for (const values of [[], [1]]) {
      expect(() => stage.reportMean('loss', values, { unit: '1' })).toThrow(
        `The mean "loss" needs at least two values for its standard error, it has ${values.length}`,
      );
    }
  });

  it('names streams of random numbers by its seed, a purpose and a step', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path);
    expect(stage.stream('noise')).toEqual({ seed: 5, purpose: 'noise', step: 0 });
    expect(stage.stream('noise', 3)).toEqual({ seed: 5, purpose: 'noise', step: 3 });
    expect(normals(stage.stream('noise'), 4)).toEqual(normals({ seed: 5, purpose: 'noise' }, 4));
  });

  it('writes plots that the report reads', () => {
    using directory = temporaryDirectory();
    const stage = sketch(directory.path, { outputs: { figure: join(directory.path, 'figures/loss.plot.json') } });
    const plot: PlotFile = {
      title: 'Loss',
      x: { label: 'step' },
      y: { label: 'nats', log: true },
      series: [{ name: 'training', points: [[1, 2, 0.5]] }],
    };
    stage.writePlot('figure', plot);
    expect(parsePlot(readFileSync(join(directory.path, 'figures/loss.plot.json'), 'utf8'))).toEqual(plot);
  });

  it('prints progress at most a thousand times, and at the last step', () => {
    using directory = temporaryDirectory();
    const lines: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    const stage = sketch(directory.path);
    for (let step = 1; step <= 4999; step++) stage.progress({ step, total: 4999, metrics: { loss: 1 / step } });
    log.mockRestore();
    expect(lines).toHaveLength(1000);
    expect(lines.at(-1)).toBe('::repro progress {"step":4999,"total":4999,"metrics":{"loss":0.00020004000800160032}}');
  });
});

describe('runStage', () => {
  it('says that a stage is started by the runner', async () => {
    await expect(runStage(() => {})).rejects.toThrow(/REPRO_STAGE is not set/);
  });
});

describe('writeCheckpoint', () => {
  it('replaces a file whole and leaves nothing beside it', () => {
    using directory = temporaryDirectory({ state: 'a longer text than the next' });
    const path = join(directory.path, 'state');
    writeCheckpoint(path, Buffer.from('next'));
    expect(readFileSync(path, 'utf8')).toBe('next');
    expect(readdirSync(directory.path)).toEqual(['state']);
  });

  it('leaves the files beside it alone, and writes a name of 255 bytes', () => {
    using directory = temporaryDirectory({ 'state.next': 'mine', 'state.new': 'mine', 'state.tmp': 'mine' });
    const long = 'x'.repeat(255);
    for (const name of ['state', long]) writeCheckpoint(join(directory.path, name), Buffer.from(name));
    expect(readdirSync(directory.path).sort()).toEqual(['state', 'state.new', 'state.next', 'state.tmp', long]);
    for (const kept of ['state.next', 'state.new', 'state.tmp']) {
      expect(readFileSync(join(directory.path, kept), 'utf8')).toBe('mine');
    }
  });
});

describe('a stage written with the kit', () => {
  const kit = new URL('../../src/stage/index.ts', import.meta.url).pathname;
  const counter = `
    import { existsSync, readFileSync, writeFileSync } from 'node:fs';
    import { runStage, writeCheckpoint } from '${kit}';
    interface Params { readonly steps: number }
    await runStage<Params>((stage) => {
      const state = stage.scratch + '/state';
      let step = existsSync(state) ? Number(readFileSync(state, 'utf8')) : 0;
      const from = step;
      while (step < stage.params.steps) {
        step++;
        writeCheckpoint(state, Buffer.from(String(step)));
        stage.progress({ step, total: stage.params.steps, metrics: {} });
        if (step === 3 && from === 0) process.kill(process.pid, 'SIGKILL');
      }
      stage.log('resumed at ' + from);
      writeFileSync(stage.output('result'), String(step));
      stage.report('steps', { value: step, unit: 'steps', kind: 'exact' });
    });
  `;
  const pipeline = `
name: kit
params: { steps: 5 }
stages:
  count: { run: count.ts, params: [steps], outputs: { result: out/result.txt }, numbers: numbers.json }
`;

  it('resumes from its checkpoint after a kill, and reports', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline, 'count.ts': counter });
    const killed = await rig.run();
    expect(killed.cells[0]?.failure).toMatchObject({ code: 'killed' });
    const resumed = await rig.run();
    expect(resumed.outcome).toBe('complete');
    expect(resumed.events).toContainEqual({ kind: 'stage-output', stage: 'count', line: 'resumed at 3' });
    expect(resumed.cells[0]?.record?.numbers).toEqual({ steps: { value: 5, unit: 'steps', kind: 'exact' } });
    expect(rig.read('artifacts/count/out/result.txt')).toBe('5');
    const steps = resumed.events.flatMap((event) => (event.kind === 'stage-progress' ? [event.progress.step] : []));
    expect(steps).toEqual([4, 5]);
  });
});

describe('the example of docs/stage-protocol.md', () => {
  it('runs, reports, and draws a plot', async () => {
    const page = readFileSync(new URL('../../docs/stage-protocol.md', import.meta.url), 'utf8');
    const example = /^```ts\n([^]*?)^```$/m.exec(page)![1]!;
    const kit = new URL('../../src/stage/index.ts', import.meta.url).pathname;
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: kit
params: { train: { steps: 20 } }
stages:
  train:
    run: train.ts
    params: [train]
    outputs: { losses: losses.json, curve: loss.plot.json }
    numbers: numbers.json
`,
      'train.ts': example.replace("'repro/stage'", `'${kit}'`),
    });
    const run = await rig.run();
    expect(run.outcome, JSON.stringify(run.cells[0]?.failure)).toBe('complete');
    const losses = JSON.parse(rig.read('artifacts/train/losses.json')) as number[];
    const { mean: value, standardError } = meanAndStandardError(losses);
    const { numbers } = run.cells[0]!.record!;
    expect(numbers['loss']).toMatchObject({ value, standardError, n: 20, unit: 'nats', better: 'lower' });
    expect(numbers['steps']).toEqual({ value: 20, unit: 'steps', kind: 'exact' });
    const plot = parsePlot(rig.read('artifacts/train/loss.plot.json'));
    expect(plot).toMatchObject({ series: [{ points: losses.map((loss, i) => [i + 1, loss]) }] });
  });
});
