// Local algebra while the graph is being recorded: scalar constants are folded, neutral and absorbing elements dropped,
// shape operations that do nothing or follow each other are merged. Constants are compared by content.
import { createHash } from 'node:crypto';
import { GraphBuilder } from './graph.ts';
import type { Attributes, ConstantData, DType, OpName, Shape, Value } from './graph.ts';
import { simplify } from './simplify/index.ts';

/** A GraphBuilder that returns a simpler equal value where it knows one. */
export class SimplifyingBuilder extends GraphBuilder {
  override value<O extends OpName>(op: O, inputs: readonly Value[], attrs: Attributes[O]): Value {
    return simplify(this, op, inputs, attrs) ?? super.value(op, inputs, attrs);
  }

  /** A scalar constant. */
  scalar(value: number, dtype: DType = 'float32'): Value {
    return this.constant([], dtype, dataOf(dtype, [value]));
  }

  constant(shape: Shape, dtype: DType, data: ConstantData): Value {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const content =
      data.length <= 4 ? Buffer.from(bytes).toString('hex') : createHash('sha256').update(bytes).digest('hex');
    return super.value('Constant', [], { shape, dtype, data, key: `${dtype}[${shape.join()}]${content}` });
  }
}

export function dataOf(dtype: DType, values: ArrayLike<number>): ConstantData {
  return dtype === 'float32'
    ? Float32Array.from(values)
    : dtype === 'int32'
      ? Int32Array.from(values)
      : Uint8Array.from(values);
}

/** Whether a constant holds one number throughout. */
export function isUniform(data: ArrayLike<number>): boolean {
  const first = data[0];
  for (let i = 1; i < data.length; i++) if (data[i] !== first) return false;
  return first !== undefined && !Number.isNaN(first);
}
