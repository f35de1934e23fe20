// A model ready to be asked: its program compiled, with its weights in it.
import { evaluate, type BatchShape } from '../diffusion/evaluate.ts';
import type { Backend } from '../tensor/backend.ts';
import type { BatchedDefinition, Program } from '../tensor/program.ts';

export interface CompiledModel {
  readonly program: Program;
  readonly batchShape: BatchShape;
  /**
   * The program's `value` [count, …] at all samples x [count, ...shape], whatever their number, of the class `t`; a
   * conditional model is given their labels [count], too. Of an `evaluationProgram` alone.
   */
  readonly evaluate: (x: Float32Array, t: number, labels?: Int32Array) => Promise<Float32Array>;
  readonly dispose: () => Promise<void>;
}

/** What a run may take. Fixed, and not what is free: a batch of another size may round otherwise. */
const MOST_BYTES = 2 ** 30;

/**
 * Compiles a program whose input x is [batch, ...shape]; its weights are one flat vector, empty for a closed form. A batch
 * whose run would take more than `mostBytes` is cut to one that does not: `batchShape` says to what.
 */
export async function compileModel(
  backend: Backend,
  definition: BatchedDefinition,
  weights: Float32Array,
  mostBytes = MOST_BYTES,
): Promise<CompiledModel> {
  const [batch, ...shape] = definition.inputs['x']!.shape as [number, ...number[]];
  const program = await backend.compile(definition);
  const { peakBytes = 0 } = program;
  if (peakBytes > mostBytes && batch > 1) {
    await program.dispose();
    const fewer = Math.max(1, Math.min(batch - 1, Math.floor((batch * mostBytes) / peakBytes)));
    return compileModel(backend, definition.withBatch(fewer), weights, mostBytes);
  }
  const batchShape = { batch, shape };
  program.load('parameters' in definition.state ? { parameters: weights } : {});
  return {
    program,
    batchShape,
    evaluate: (x, t, labels) => evaluate(program, batchShape, x, t, labels),
    dispose: () => program.dispose(),
  };
}
