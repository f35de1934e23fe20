// All parameters of a network as one flat vector: the optimizer and the moving average then take a dozen operations
// instead of a dozen per tensor. A program splits the vector once on its way in.
import { normals, uniforms, type StreamKey } from './random.ts';
import type { Tensors } from './program.ts';
import { tf } from './tf.ts';

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** How it starts; `uniform` is on [-limit, limit). */
  readonly init:
    | { readonly kind: 'zeros' }
    | { readonly kind: 'ones' }
    | { readonly kind: 'normal'; readonly std: number }
    | { readonly kind: 'uniform'; readonly limit: number };
}

export interface FlatEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

export interface FlatLayout {
  readonly size: number;
  readonly entries: readonly FlatEntry[];
}

/** Where each parameter lies: in the given order, without gaps. Throws a RangeError for a repeated or empty one. */
export function flatLayout(parameters: readonly Parameter[]): FlatLayout {
  const names = new Set<string>();
  let offset = 0;
  const entries = parameters.map(({ name, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    if (names.has(name)) throw new RangeError(`flatLayout: two parameters are called "${name}"`);
    if (!(size > 0)) throw new RangeError(`flatLayout: "${name}" of shape [${shape.join(', ')}] is empty`);
    names.add(name);
    offset += size;
    return { name, shape, offset: offset - size, size };
  });
  return { size: offset, entries };
}

/** The parameters by name, from the flat vector [layout.size]. */
export function splitFlat(layout: FlatLayout, flat: tf.Tensor1D): Tensors {
  const sizes = layout.entries.map(({ size }) => size);
  const pieces = tf.split(flat, sizes);
  return Object.fromEntries(
    layout.entries.map(({ name, shape }, i) => [name, tf.reshape(pieces[i]!, shape as number[])]),
  );
}

/** The flat vector [layout.size] of tensors by name, such as the gradients. Throws a RangeError for a missing one. */
export function concatFlat(layout: FlatLayout, tensors: Tensors): tf.Tensor1D {
  const pieces = layout.entries.map(({ name, size }) => {
    const tensor = tensors[name];
    if (tensor === undefined) throw new RangeError(`concatFlat: no tensor "${name}"`);
    return tf.reshape(tensor, [size]) as tf.Tensor1D;
  });
  return tf.concat1d(pieces);
}

/**
 * The initial flat vector. Every parameter draws from its own stream `<purpose>/<name>`, so that adding one to a
 * network leaves the others as they were.
 */
export function initialize(parameters: readonly Parameter[], key: StreamKey): Float32Array {
  const { size, entries } = flatLayout(parameters);
  const flat = new Float32Array(size);
  for (const [i, { init }] of parameters.entries()) {
    const entry = entries[i]!;
    const own = { ...key, purpose: `${key.purpose}/${entry.name}` };
    const values = flat.subarray(entry.offset, entry.offset + entry.size);
    if (init.kind === 'ones') values.fill(1);
    else if (init.kind === 'normal') values.set(normals(own, entry.size).map((z) => z * init.std));
    else if (init.kind === 'uniform') values.set(uniforms(own, entry.size).map((u) => (2 * u - 1) * init.limit));
  }
  return flat;
}
