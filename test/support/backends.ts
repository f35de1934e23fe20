// One case on every backend: describeBackends() runs a suite on the eager reference and on compiled graphs;
// checkDerivatives() holds a function's value and two derivatives to float64 and to central differences.
import { describe } from 'vitest';
import { openBackend } from '../../src/tensor/backend.ts';
import type { Backend, BackendName } from '../../src/tensor/backend.ts';
import { checkGraph } from '../../src/tensor/graph.ts';
import type { HostTensors, ProgramDefinition, TensorSpec } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { inputName, outputName, trace } from '../../src/tensor/trace.ts';
import { expectClose } from './close.ts';
import { interpret } from './interpret.ts';

/** Runs a suite once on eager tfjs, once on compiled graphs, and on those of the `others` that work here. */
export function describeBackends(
  title: string,
  suite: (open: () => Promise<Backend>) => void,
  others: Readonly<Partial<Record<BackendName, string | undefined>>> = {},
): void {
  const problems = { tfjs: undefined, cpu: undefined, ...others };
  for (const [name, problem] of Object.entries(problems)) {
    const why = problem === undefined ? '' : `, skipped: ${problem}`;
    describe.skipIf(problem !== undefined)(`${title} (${name}${why})`, () =>
      suite(() => openBackend(name as BackendName, { threads: 2 })),
    );
  }
}

/** Compiles a program without state, runs it once, and disposes of it. */
export async function runOnce(
  backend: Backend,
  definition: ProgramDefinition,
  inputs: HostTensors,
): Promise<HostTensors> {
  const program = await backend.compile(definition);
  try {
    return await program.run(inputs);
  } finally {
    await program.dispose();
  }
}

/** Numbers in [-1, 1) without a pattern, the same for the same arguments. */
export const scatter = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => ((((i + 1) * 0.6180339887 + (seed + 1) * 0.754877666) % 1) + ((i * 7 + seed) % 5) * 0.2) % 1 * 2 - 1); // prettier-ignore

export interface DerivativeCase {
  readonly shapes: readonly (readonly number[])[];
  /** Inputs are centre + spread * [-1, 1); default 0 and 1. */
  readonly center?: number;
  readonly spread?: number;
  /** 2 checks value, gradient and gradient of the gradient. */
  readonly order?: 0 | 1 | 2;
  /** Relative; default 2e-5. */
  readonly tolerance?: number;
}

/** The program of f's value `y` and, for weighted sums (so that no element hides another), its derivatives. */
export function derivativeProgram(
  f: (...xs: tf.Tensor[]) => tf.Tensor,
  { shapes, center = 0, spread = 1, order = 2 }: DerivativeCase,
): { definition: ProgramDefinition; inputs: Record<string, Float32Array> } {
  const names = shapes.map((_, i) => `x${i}`);
  const weighted = (tensor: tf.Tensor, seed: number): tf.Tensor =>
    tf.sum(tf.mul(tensor, tf.tensor(scatter(tensor.size, 10 + seed), tensor.shape)));
  const definition: ProgramDefinition = {
    name: 'case',
    state: {},
    inputs: Object.fromEntries(
      shapes.map((shape, i): [string, TensorSpec] => [names[i]!, { shape, dtype: 'float32' }]),
    ),
    run(_, inputs) {
      const xs = names.map((name) => inputs[name]!);
      const outputs: Record<string, tf.Tensor> = { y: tf.cast(f(...xs), 'float32') };
      // Squared as well, so that operations that are linear themselves have a second derivative.
      const bent = (z: tf.Tensor): tf.Tensor => tf.add(z, tf.square(z));
      const first = tf.grads((...args: tf.Tensor[]) => weighted(bent(f(...args)), 0));
      const second = tf.grads((...args: tf.Tensor[]) =>
        tf.addN(first(args).map((gradient, i) => weighted(gradient, 1 + i))),
      );
      if (order > 0) for (const [i, gradient] of first(xs).entries()) outputs[`first${i}`] = gradient;
      if (order > 1) for (const [i, gradient] of second(xs).entries()) outputs[`second${i}`] = gradient;
      return { outputs };
    },
  };
  const inputs = Object.fromEntries(
    shapes.map((shape, i) => [names[i]!, scatter(shape.reduce((a, b) => a * b, 1), i).map((u) => center + spread * u)]), // prettier-ignore
  );
  return { definition, inputs };
}

/**
 * Checks f on eager tfjs and compiled: shape and value against the float64 interpreter, first and second derivatives
 * against it and against its central differences.
 */
export async function checkDerivatives(f: (...xs: tf.Tensor[]) => tf.Tensor, options: DerivativeCase): Promise<void> {
  const { order = 2, tolerance = 2e-5 } = options;
  const { definition, inputs } = derivativeProgram(f, options);
  const names = Object.keys(inputs);
  const graph = trace(definition);
  checkGraph(graph);
  const exact = (values: readonly ArrayLike<number>[]): Record<string, Float64Array> =>
    interpret(graph, Object.fromEntries(names.map((name, i) => [inputName(name), values[i]!])));
  const points = Object.values(inputs);
  const expected = exact(points);
  for (const name of ['tfjs', 'cpu'] as const) {
    const results = await runOnce(await openBackend(name, { threads: 2 }), definition, inputs);
    for (const [key, values] of Object.entries(results)) {
      expectClose(values, expected[outputName(key)]!, tolerance, `${name} ${key}`);
    }
  }
  if (order > 0) checkDifferences(exact, points, order);
}

/** Central differences of what the interpreter gives, with its own weights. */
function checkDifferences(
  exact: (values: readonly ArrayLike<number>[]) => Record<string, Float64Array>,
  points: readonly Float32Array[],
  order: 0 | 1 | 2,
): void {
  const h = 1e-5;
  const dot = (values: Float64Array, seed: number): number =>
    scatter(values.length, 10 + seed).reduce((sum, w, i) => sum + w * values[i]!, 0);
  const at = exact(points);
  points.forEach((point, k) => {
    const first = new Float64Array(point.length);
    const second = new Float64Array(point.length);
    point.forEach((_, i) => {
      const [up, down] = [h, -h].map((step) =>
        exact(points.map((other, j) => (j === k ? Float64Array.from(other).with(i, other[i]! + step) : other))),
      );
      const slope = (measure: (results: Record<string, Float64Array>) => number): number =>
        (measure(up!) - measure(down!)) / (2 * h);
      first[i] = slope((results) => dot(results[outputName('y')]!.map((y) => y + y * y), 0)); // prettier-ignore
      if (order > 1) {
        second[i] = slope((results) =>
          points.reduce((sum, __, j) => sum + dot(results[outputName(`first${j}`)]!, 1 + j), 0),
        );
      }
    });
    expectClose(at[outputName(`first${k}`)]!, first, 1e-6, `first derivative by x${k} against differences`);
    if (order > 1)
      expectClose(at[outputName(`second${k}`)]!, second, 1e-6, `second derivative by x${k} against differences`);
  });
}
