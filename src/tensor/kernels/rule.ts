// What a kernel rule is: how one tfjs kernel is recorded in a graph.
import type { tf } from '../tf.ts';
import type { SimplifyingBuilder } from '../simplifying-builder.ts';
import type { View } from '../view.ts';

/** The kernels of tfjs: its exported constants whose value is their own name. */
export type KernelName = { [K in keyof typeof tf]: (typeof tf)[K] extends K ? K : never }[keyof typeof tf];

/** Records a kernel: inputs by the kernel's own names (or a list), attributes as tfjs gives them. */
export type KernelRule = (g: SimplifyingBuilder, inputs: never, attrs: never) => View | View[];

/** A kernel that cannot be recorded, and what to write instead. */
export interface Unsupported {
  readonly instead: string;
}
export const unsupported = (instead: string): Unsupported => ({ instead });

type Views<I> = { [K in keyof I]: View };

/** Gives a rule its types: I are the kernel's inputs, A its attributes. */
export const rule = <I, A = unknown>(
  record: (g: SimplifyingBuilder, inputs: Views<I>, attrs: A) => View | View[],
): KernelRule => record as KernelRule;
