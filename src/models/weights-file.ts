// Trained weights as a file, together with what network they are of.
import { readFileSync, writeFileSync } from 'node:fs';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../tensor/safetensors.ts';

/** Writes the flat vector of a network's weights; `kind` says what the spec describes. Arrays of it are tensors, too. */
export function writeWeights(path: string, kind: 'model' | 'judge', spec: object, weights: Float32Array): void {
  const tensors: Record<string, StoredTensor> = { weights: { shape: [weights.length], data: weights } };
  const text = JSON.stringify(spec, (key, value: unknown) => {
    if (!(value instanceof Float32Array)) return value;
    const name = `${kind}/${key}`;
    if (name in tensors) throw new Error(`Two arrays called "${key}" in the spec of a ${kind}`);
    tensors[name] = { shape: [value.length], data: value };
    return { tensor: name };
  });
  writeFileSync(path, encodeSafetensors({ tensors, metadata: { [kind]: text } }));
}

/** Reads what `writeWeights` wrote of this kind; throws an Error naming the file for anything else. */
export function readWeights<S>(path: string, kind: 'model' | 'judge'): { spec: S; weights: Float32Array } {
  const { tensors, metadata } = decodeSafetensors(readFileSync(path));
  const weights = tensors['weights']?.data;
  const text = metadata[kind];
  if (text === undefined || !(weights instanceof Float32Array))
    throw new Error(`Not the weights of a ${kind}: ${path}`);
  const spec = JSON.parse(text, (_key, value: { tensor?: unknown } | null) => {
    if (typeof value?.tensor !== 'string') return value;
    const stored = tensors[value.tensor]?.data;
    if (stored === undefined) throw new Error(`Not the weights of a ${kind}, "${value.tensor}" is missing: ${path}`);
    return stored;
  }) as S;
  return { spec, weights };
}
