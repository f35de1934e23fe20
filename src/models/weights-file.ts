// Trained weights as a file, together with what network they are of.
import { readFileSync, writeFileSync } from 'node:fs';
import { decodeSafetensors, encodeSafetensors } from '../tensor/safetensors.ts';

/** Writes the flat vector of a network's weights; `kind` says what the spec describes. */
export function writeWeights(path: string, kind: 'model' | 'judge', spec: object, weights: Float32Array): void {
  const tensors = { weights: { shape: [weights.length], data: weights } };
  writeFileSync(path, encodeSafetensors({ tensors, metadata: { [kind]: JSON.stringify(spec) } }));
}

/** Reads what `writeWeights` wrote of this kind; throws an Error naming the file for anything else. */
export function readWeights<S>(path: string, kind: 'model' | 'judge'): { spec: S; weights: Float32Array } {
  const { tensors, metadata } = decodeSafetensors(readFileSync(path));
  const weights = tensors['weights']?.data;
  const spec = metadata[kind];
  if (spec === undefined || !(weights instanceof Float32Array))
    throw new Error(`Not the weights of a ${kind}: ${path}`);
  return { spec: JSON.parse(spec) as S, weights };
}
