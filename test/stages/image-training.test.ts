// The stages that train image models, as processes: what they write, and that those whose cell says what to train do
// what `train-cdm` does when it is told the same, to the byte.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeDataset } from '../../src/datasets/dataset.ts';
import { syntheticDataset } from '../../src/datasets/synthetic.ts';
import { denoisingProgram, readModel } from '../../src/models/model.ts';
import type { ReportedNumber } from '../../src/schema/types.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { normals } from '../../src/tensor/random.ts';
import { runStageProcess, startStageProcess, type StageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const size = 4;
/** Bright images of one component, dark ones of the other. */
const density = {
  kind: 'field-mixture',
  size,
  components: [
    { weight: 3, power: 2, mean: -1.5 },
    { weight: 1, power: 2, mean: 1.5 },
  ],
} as const;
const steps = 30;
const training = { steps, batch: 8, learningRate: 0.01, warmup: 2, emaDecay: 0.5 };
const schedule = { kind: 'uniform-log-snr', T: 6, sigmaMin: 0.1, logSnrMin: -5 } as const;
const head = { kind: 'cumsum', baseline: 'gaussian' } as const;
const loss = { ce: 1, mse: 0.5 };
const mlp = { kind: 'mlp', width: 4, depth: 1, inputScale: 1 } as const;
const unet = { kind: 'unet', channels: 4, mult: [1], blocks: 1, groups: 2 } as const;
/** Of another entry than the one the cell names. */
const other = { mlp: { ...mlp, width: 5 }, loss: { ce: 1, mse: 0 } };

const directory = temporaryDirectory();
afterAll(() => directory[Symbol.dispose]());
const dataset = join(directory.path, 'dataset');
beforeAll(() => writeFileSync(dataset, encodeDataset(syntheticDataset(density, { train: 200, test: 10, seed: 7 }))));

interface Trained {
  readonly numbers: Readonly<Record<string, ReportedNumber>>;
  readonly path: (output: string) => string;
  /** Columns of the log by name. */
  readonly columns: Readonly<Record<string, readonly number[]>>;
}

type Told = Pick<StageProcess, 'stage' | 'params' | 'cell'> & { readonly data?: string };

/** In a directory of its own, like every stage: training goes on from what lies in it. */
function place(name: string): string {
  const path = join(directory.path, name);
  mkdirSync(path);
  return path;
}

function train(name: string, { data = dataset, params, ...told }: Told): Trained {
  const own = place(name);
  const outputs = ['checkpoint', 'denoiser', 'log', 'curves', ...(told.stage.includes('-ddm') ? [] : ['nll'])];
  const all = { ...told, params: { schedule, ...params }, inputs: { dataset: data }, outputs };
  const numbers = runStageProcess(own, all);
  const path = (output: string): string => join(own, output);
  const [names, ...rows] = readFileSync(path('log'), 'utf8').trim().split('\n').map((line) => line.split(',')); // prettier-ignore
  const columns = Object.fromEntries(names!.map((column, i) => [column, rows.map((row) => Number(row[i]))]));
  return { numbers, path, columns };
}

const bytesOf = ({ path }: Trained, ...outputs: string[]): Buffer[] => outputs.map((name) => readFileSync(path(name)));

const ddm = (name: string, stage = 'train-ddm'): Trained => train(name, { stage, params: { network: unet, training } });

/** Two noisy images. */
const testNoise = (): number[] => Array.from(normals({ seed: 1, purpose: 'test' }, 2 * size * size));

/** The noise estimates of a checkpoint for the same images at two noise levels. */
async function estimates({ path }: Trained): Promise<ArrayLike<number>[]> {
  const batch = 2;
  const model = readModel(path('checkpoint'));
  const backend = await openBackend('tfjs', { threads: 1 });
  const program = await backend.compile(denoisingProgram(model, batch));
  program.load({ parameters: model.weights });
  const x = Float32Array.from(testNoise());
  const values: ArrayLike<number>[] = [];
  for (const t of [1, schedule.T]) values.push((await program.run({ x, t: new Int32Array(batch).fill(t) }))['value']!);
  return values;
}

test('train-ddm: a denoiser that is told t; the same seed gives the same bytes', async () => {
  const trained = ddm('ddm');
  const { numbers, columns, path } = trained;
  const { spec, weights } = readModel(path('checkpoint'));
  expect(spec).toMatchObject({
    kind: 'ddm',
    schedule,
    network: { ...unet, imageSize: size, inChannels: 1 },
    head: null,
  });
  expect(spec.isBlind).toBeUndefined();
  expect(numbers['parameters']).toMatchObject({ value: weights.length, unit: 'parameters', kind: 'exact' });
  expect(columns['step']).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
  // The last tenth of the steps.
  const names = Object.keys(columns).filter((name) => name !== 'step' && name !== 'learning_rate');
  expect(Object.keys(numbers).sort()).toEqual(['parameters', ...names.map((name) => `training-${name}`)].sort());
  for (const name of names) {
    const mean = columns[name]!.slice(-3).reduce((sum, value) => sum + value, 0) / 3;
    expect(numbers[`training-${name}`]).toMatchObject({ n: 3, kind: 'estimate' });
    expect(numbers[`training-${name}`]!.value).toBeCloseTo(mean, 5);
  }
  const [near, far] = await estimates(trained);
  expect(far).not.toEqual(near);

  const outputs = ['checkpoint', 'denoiser', 'log', 'curves'];
  expect(bytesOf(ddm('ddm again'), ...outputs)).toEqual(bytesOf(trained, ...outputs));
}, 120_000);

test('train-ddm-blind: the same denoiser, whose estimate is one at all noise levels', async () => {
  const blind = ddm('blind', 'train-ddm-blind');
  const { spec } = readModel(blind.path('checkpoint'));
  expect(spec).toMatchObject({ kind: 'ddm', isBlind: true, network: unet });
  const [near, far] = await estimates(blind);
  expect(far).toEqual(near);
  expect(Math.max(...Array.from(near!, Math.abs))).toBeGreaterThan(0);
}, 120_000);

/** What `train-cdm` makes of the same settings. */
let reference: Trained | undefined;
const cdm = (): Trained =>
  (reference ??= train('cdm', { stage: 'train-cdm', params: { network: mlp, training, cdm: { head, loss } } }));

/** Of another set than the one the cell names, other budgets. */
const sets = {
  other: { training: { cdm: { ...training, steps: 2 }, ddm: { ...training, steps: 2 } } },
  own: { training: { cdm: training, ddm: training } },
};

const same: Readonly<Record<string, Told>> = {
  'train-ablation': {
    stage: 'train-ablation',
    cell: { loss: 'own', replicate: 0 },
    params: { ablation: { network: mlp, training, head, losses: { other: other.loss, own: loss } } },
  },
  'image-cdm': {
    stage: 'image-cdm',
    cell: { set: 'own' },
    params: { images: { schedule, models: { cdm: { network: mlp, head, loss } }, sets } },
  },
  'train-network': {
    stage: 'train-network',
    cell: { network: 'own' },
    params: { networks: { training, head, loss, each: { other: other.mlp, own: mlp } } },
  },
  'train-schedule': {
    stage: 'train-schedule',
    cell: { schedule: 'own' },
    params: {
      schedules: {
        network: mlp,
        training,
        head,
        loss,
        each: { other: { kind: 'cosine', T: schedule.T }, own: schedule },
      },
    },
  },
};

test.each(Object.entries(same))(
  '%s: as train-cdm does with what the cell names, and no other',
  (name, told) => {
    const outputs = ['checkpoint', 'denoiser', 'nll', 'log', 'curves'];
    const trained = train(name, told);
    expect(bytesOf(trained, ...outputs)).toEqual(bytesOf(cdm(), ...outputs));
    const { 'seconds.training': _, ...numbers } = trained.numbers;
    expect(numbers).toEqual(cdm().numbers);
    // The loss is what it is said to be made of; the column `mse` is the mean over the pixels, the loss takes their sum.
    const { loss: total, ce, mse } = trained.columns;
    total!.forEach((value, i) => expect(value).toBeCloseTo(loss.ce * ce![i]! + loss.mse * size ** 2 * mse![i]!, 3));
  },
  120_000,
);

test('image-ddm: as train-ddm does with what the set says', () => {
  const images = { schedule, models: { ddm: { network: unet } }, sets };
  const trained = train('image-ddm', { stage: 'image-ddm', cell: { set: 'own' }, params: { images } });
  const outputs = ['checkpoint', 'denoiser', 'log'];
  expect(bytesOf(trained, ...outputs)).toEqual(bytesOf(ddm('ddm of the set'), ...outputs));
}, 120_000);

test.each(['cdm', 'ddm'] as const)(
  'image-%s: the same network, whose denoised images are held within the range',
  async (kind) => {
    const models = { cdm: { network: mlp, head, loss }, ddm: { network: unet } };
    const stage = { stage: `image-${kind}`, cell: { set: 'own' } };
    const [low, high] = [-0.2, 0.1];
    const free = train(`free ${kind}`, { ...stage, params: { images: { schedule, range: null, models, sets } } });
    const held = train(`held ${kind}`, {
      ...stage,
      params: { images: { schedule, range: [low, high], models, sets } },
    });
    const [own, other] = [readModel(held.path('checkpoint')), readModel(free.path('checkpoint'))];
    expect(own.weights).toEqual(other.weights);
    expect(own.spec).toEqual({ ...other.spec, range: [low, high] });
    expect(readFileSync(held.path('denoiser'), 'latin1')).toContain('held within [-0.2, 0.1]');
    expect(readFileSync(free.path('denoiser'), 'latin1')).not.toContain('held within');
    const images = (estimate: ArrayLike<number>, t: number): number[] => {
      const [alpha, sigma] = [own.schedule.alpha[t]!, own.schedule.sigma[t]!];
      return testNoise().map((x, i) => (x - sigma * estimate[i]!) / alpha);
    };
    const [freeNear, freeFar] = await estimates(free);
    const [heldNear, heldFar] = await estimates(held);
    for (const [before, after, t] of [
      [freeNear!, heldNear!, 1],
      [freeFar!, heldFar!, schedule.T],
    ] as const) {
      const expected = images(before, t).map((value) => Math.min(high, Math.max(low, value)));
      expect(images(before, t).some((value) => value < low || value > high)).toBe(true);
      images(after, t).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    }
  },
  120_000,
);

test.each([[[1, -1]], [[0]], [[0, 'x']], [[0, 0]]])('image-cdm: a range of %j is refused before training', (range) => {
  const images = { schedule, range, models: { cdm: { network: mlp, head, loss } }, sets };
  const told = { stage: 'image-cdm', cell: { set: 'own' }, params: { images } };
  const { status, text } = startStageProcess(place(`range ${JSON.stringify(range)}`), {
    ...told,
    inputs: { dataset },
    outputs: [],
  });
  expect(status).toBe(1);
  expect(text).toContain(`range must be [lowest, highest] value of clean images, it is ${JSON.stringify(range)}`);
});

test('train-component: as train-cdm does on images of that component alone', () => {
  const drawn = { train: 100, test: 1, seed: 7 }; // of the stage, which has this seed
  const component = join(directory.path, 'component dataset');
  const alone = { ...density, components: [density.components[1]] };
  writeFileSync(component, encodeDataset(syntheticDataset(alone, drawn)));
  const settings = { network: mlp, training, head, loss };
  const trained = train('component', {
    stage: 'train-component',
    cell: { component: 1 },
    params: { zeroShot: { ...settings, train: drawn.train } },
  });
  const expected = train('cdm of the component', {
    stage: 'train-cdm',
    params: { network: mlp, training, cdm: { head, loss } },
    data: component,
  });
  expect(bytesOf(trained, 'checkpoint', 'log')).toEqual(bytesOf(expected, 'checkpoint', 'log'));
  expect(bytesOf(trained, 'checkpoint')).not.toEqual(bytesOf(cdm(), 'checkpoint'));
}, 120_000);

test.each<[string, Told, string]>([
  ['loss', { ...same['train-ablation']!, cell: { loss: 'absent' } }, 'add ablation.losses.absent'],
  ['set', { ...same['image-cdm']!, cell: { set: 'absent' } }, 'add images.sets.absent'],
  ['network', { ...same['train-network']!, cell: { network: 'absent' } }, 'add networks.each.absent'],
  ['schedule', { ...same['train-schedule']!, cell: { schedule: 'absent' } }, 'add schedules.each.absent'],
  [
    'component',
    {
      stage: 'train-component',
      cell: { component: 2 },
      params: { zeroShot: { network: mlp, training, head, loss, train: 10 } },
    },
    'The mixture has no component 2',
  ],
])('a cell whose %s is nowhere described is refused by name', (name, told, message) => {
  const all = { ...told, params: { schedule, ...told.params }, inputs: { dataset }, outputs: [] };
  const { status, text } = startStageProcess(place(`absent ${name}`), all);
  expect(status).toBe(1);
  expect(text).toContain(message);
});
