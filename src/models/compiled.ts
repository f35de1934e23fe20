// A model ready to be asked: its program compiled, with its weights in it.
import { evaluate, type BatchShape } from '../diffusion/evaluate.ts';
import type { Backend } from '../tensor/backend.ts';
import type { Program, ProgramDefinition } from '../tensor/program.ts';

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

/** Compiles a program whose input x is [batch, ...shape]; its weights are one flat vector, empty for a closed form. */
export async function compileModel(
  backend: Backend,
  definition: ProgramDefinition,
  weights: Float32Array,
): Promise<CompiledModel> {
  const [batch, ...shape] = definition.inputs['x']!.shape;
  const batchShape = { batch: batch!, shape };
  const program = await backend.compile(definition);
  program.load('parameters' in definition.state ? { parameters: weights } : {});
  return {
    program,
    batchShape,
    evaluate: (x, t, labels) => evaluate(program, batchShape, x, t, labels),
    dispose: () => program.dispose(),
  };
}
