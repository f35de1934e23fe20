// Numbers that both sides of the bench can make by themselves, so that what they compute can be compared.
import type { Parameter } from '../src/tensor/flat.ts';

/** `count` numbers uniform on [-1, 1), each a hash of (stream, index): `noise` of peers/torch_step.py. */
export function noise(stream: number, count: number): Float32Array {
  const offset = Math.imul(stream, 40503);
  return Float32Array.from({ length: count }, (_, i) => {
    let h = (Math.imul(i, 2654435761) + offset) | 0;
    h = Math.imul(h ^ (h >>> 15), 2246822519);
    h = Math.imul(h ^ (h >>> 13), 3266489917);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
}

/** `count` samples of `dim` values with mean zero and standard deviation `scale`. */
export function samples(stream: number, count: number, dim: number, scale: number): Float32Array {
  const factor = Math.fround(Math.sqrt(3) * scale);
  return noise(stream, count * dim).map((value) => value * factor);
}

/** All parameters, flat: matrices and filters of variance 1 / (fan in), scales about 1, the others about 0. None is zero. */
export function weights(parameters: readonly Parameter[]): Float32Array {
  const parts = parameters.map(({ name, shape }, stream) => {
    const values = noise(
      stream,
      shape.reduce((a, b) => a * b, 1),
    );
    if (shape.length === 1) {
      const center = name.endsWith('/scale') ? 1 : 0;
      return values.map((value) => 0.1 * value + center);
    }
    const factor = Math.sqrt(3 / shape.slice(0, -1).reduce((a, b) => a * b, 1));
    return values.map((value) => value * factor);
  });
  const flat = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    flat.set(part, offset);
    offset += part.length;
  }
  return flat;
}
