// Data sets from where people have them: an archive at a URL, with connections that break and files that are others; a
// folder. The stage is the experiment's own, and so are the profiles; only the images are few.
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode as encodePng } from 'fast-png';
import { expect, test } from 'vitest';
import { decodeDataset } from '../../src/datasets/dataset.ts';
import { cifarArchive, cifarRecords } from '../support/cifar.ts';
import { serveFlaky } from '../rig/flaky-server.ts';
import { Rig } from '../rig/rig.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const digestOf = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex');

/** A project that is this repository's experiment. */
async function experiment(): Promise<Rig> {
  const rig = await Rig.create({});
  for (const path of ['src', 'stages', 'pipeline.yaml', 'pipeline']) {
    cpSync(join(repository, path), join(rig.root, path), { recursive: true });
  }
  return rig;
}

const small = [
  'network.channels=8',
  'network.groups=4',
  'network.mult=[1]',
  'network.blocks=1',
  'network.attention=[]',
  'schedule.T=30',
];
const short = ['training.steps=2', 'training.batch=4', 'training.accumulate=2', 'training.warmup=1'];
const settings = (...all: string[]): string[] => all.flatMap((setting) => ['--set', setting]);

test('CIFAR-10 comes from a URL in spite of broken connections, and training starts', async () => {
  await using rig = await experiment();
  const archive = cifarArchive();
  const part = join(rig.root, '.repro/downloads', `${digestOf('sha256', archive)}.part`);
  await using server = await serveFlaky(archive, [100, 200], { part });
  const data = [
    `data.url=${server.url}`,
    `data.sha256=${digestOf('sha256', archive)}`,
    `data.md5=${digestOf('md5', archive)}`,
  ];
  const words = ['run', 'train-cdm', '--profile', 'cifar10', ...settings(...data, ...small, ...short)];
  const run = await rig.repro(...words);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(server.requests).toHaveLength(3);
  expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100-', 'bytes=300-']);
  const dataset = decodeDataset(readFileSync(join(rig.root, 'artifacts/prepare-data/dataset.safetensors')));
  expect(dataset.source).toBe('CIFAR-10, 10 training and 2 test images as published');
  expect(dataset.train[0]).toBe(cifarRecords(1)[1]);
  expect(rig.read('artifacts/train-cdm/training.csv').trim().split('\n')).toHaveLength(3);
  // Once is enough.
  expect((await rig.repro(...words)).code).toBe(0);
  expect(server.requests).toHaveLength(3);

  const other = settings(data[0]!, `data.sha256='${'0'.repeat(64)}'`, data[2]!);
  const wrong = await rig.repro('run', 'prepare-data', '--profile', 'cifar10', ...other);
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain(`has digest sha256:${digestOf('sha256', archive)}, expected sha256:000`);
  const unofficial = settings(...data.slice(0, 2));
  const repacked = await rig.repro('run', 'prepare-data', '--profile', 'cifar10', ...unofficial);
  expect(repacked.code).toBe(1);
  expect(repacked.stdout).toContain('not the published file: its MD5 is');
});

test('CelebA comes from a path, and an absent one is asked for', async () => {
  await using rig = await experiment();
  for (const i of [1, 2, 3]) {
    const data = new Uint8Array(178 * 218 * 3).fill(50 * i);
    rig.write(`faces/00000${i}.png`, '');
    writeFileSync(join(rig.root, `faces/00000${i}.png`), encodePng({ width: 178, height: 218, data, channels: 3 }));
  }
  const words = ['run', 'prepare-data', '--profile', 'celeba64'];
  const run = await rig.repro(...words, ...settings('data.path=faces', 'data.test=1'));
  expect(run.code, run.stdout + run.stderr).toBe(0);
  const {
    shape,
    train,
    test: held,
  } = decodeDataset(readFileSync(join(rig.root, 'artifacts/prepare-data/dataset.safetensors')));
  expect([shape, train.length, held.length]).toEqual([[64, 64, 3], 2 * 12288, 12288]);
  const none = await rig.repro(...words);
  expect(none.code).toBe(1);
  expect(none.stdout).toContain('CelebA needs its aligned JPEG files: give their directory with --set data.path=DIR');
});

test("images of one's own, in colour, in folders that are their labels, get a likelihood", async () => {
  await using rig = await experiment();
  for (const [i, kind] of ['cat', 'cat', 'cat', 'dog', 'dog', 'dog'].entries()) {
    const data = Uint8Array.from({ length: 40 * 32 * 3 }, (_, k) => (41 * i + 7 * k) % 256);
    rig.write(`mine/${kind}/${i}.png`, '');
    writeFileSync(join(rig.root, `mine/${kind}/${i}.png`), encodePng({ width: 40, height: 32, data, channels: 3 }));
  }
  const budget = ['steps=2', 'batch=2', 'warmup=1'].map((each) => `images.sets.own.training.cdm.${each}`);
  const words = ['run', 'image-nll', '--profile', 'own-images', ...settings(...budget, 'images.sets.own.data.test=2')];
  const run = await rig.repro(...words, ...settings('images.sets.own.data.path=mine'));
  expect(run.code, run.stdout + run.stderr).toBe(0);
  const { shape, labels, source } = decodeDataset(
    readFileSync(join(rig.root, 'artifacts/image-data/set=own/dataset.safetensors')),
  );
  expect([shape, labels?.count]).toEqual([[32, 32, 3], 2]);
  expect(source).toContain('2 labels, by the names of their folders');
  expect(run.stdout).toMatch(/image-nll\[set=own\]\S* .*bits\/dim/);
  const none = await rig.repro(...words);
  expect(none.code).toBe(1);
  expect(none.stdout).toContain(
    'A folder of images is needed: give their directory with --set images.sets.own.data.path=DIR',
  );
});
