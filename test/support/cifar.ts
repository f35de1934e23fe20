// An archive in the format of CIFAR-10's binary version, with two images a batch.
import { gzipSync } from 'node:zlib';
import { tarOf } from './tar.ts';

const batches = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`).concat('test_batch.bin');

/** Two records: a label, then the planes red, green and blue of 32 x 32 pixels. */
export function cifarRecords(batch: number): Buffer {
  return Buffer.from(Array.from({ length: 2 * 3073 }, (_, i) => (i % 3073 === 0 ? batch : (i * 31 + batch * 7) % 251)));
}

export function cifarArchive(without: readonly string[] = [], instead: Readonly<Record<string, Buffer>> = {}): Buffer {
  const files = batches
    .filter((name) => !without.includes(name))
    .map((name, index) => [`cifar-10-batches-bin/${name}`, instead[name] ?? cifarRecords(index + 1)] as const);
  const readme = ['cifar-10-batches-bin/batches.meta.txt', Buffer.from('airplane\n')] as const;
  return gzipSync(tarOf(Object.fromEntries([...files, readme])));
}
