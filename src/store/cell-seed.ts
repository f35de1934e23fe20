// The seed of a cell, which its record states and anyone can derive again.
import type { Preimage } from '../schema/types.ts';
import { canonicalJson } from './canonical-json.ts';
import { digestBytes, hexOf } from './digest.ts';

/** An integer below 2^48: the first 12 hexadecimal digits of a digest of all that names the cell. */
export function cellSeed(pipelineSeed: number, stage: string, cell: Preimage['cell']): number {
  const text = canonicalJson({ format: 'repro.seed/1', seed: pipelineSeed, stage, cell });
  return Number.parseInt(hexOf(digestBytes(text)).slice(0, 12), 16);
}
