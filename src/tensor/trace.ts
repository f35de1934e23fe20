// Tracing: a tfjs backend whose kernels record instead of compute. Running a program on it once, with symbolic tensors,
// gives the graph of everything the program does, gradients and gradients of gradients included.
import { finishGraph } from './graph.ts';
import type { Graph } from './graph.ts';
import { kernelRules } from './kernels/index.ts';
import type { ProgramDefinition, Tensors, TensorSpec } from './program.ts';
import { dataOf, isUniform, SimplifyingBuilder } from './simplifying-builder.ts';
import { tf } from './tf.ts';
import { dtypeOf, materialize, uniform, viewOf } from './view.ts';
import type { View } from './view.ts';

const BACKEND = 'trace';

/** Keeps a view for each symbolic tensor. One tracing at a time: tracing is synchronous. */
class TraceBackend extends tf.KernelBackend {
  builder = new SimplifyingBuilder();
  readonly #views = new Map<object, View>();

  begin(): void {
    this.builder = new SimplifyingBuilder();
    this.#views.clear();
  }

  record(view: View): tf.TensorInfo {
    const dataId = {};
    this.#views.set(dataId, view);
    return { dataId, shape: [...view.shape], dtype: dtypeOf(view) };
  }

  /** The view of a tensor; a tensor made outside tracing is moved in as a constant. */
  view(tensor: tf.TensorInfo): View {
    const view = this.#views.get(tensor.dataId);
    if (view === undefined) {
      throw new Error(`A tensor made outside the program is used in it: make it inside, or give it as an input${at()}`);
    }
    return view;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new TypeError(`Cannot trace tensors of type ${dtype}${at()}`);
    }
    const numbers = values as ArrayLike<number>;
    const view = isUniform(numbers)
      ? uniform(this.builder, numbers[0]!, shape, dtype)
      : viewOf(this.builder.constant(shape, dtype, dataOf(dtype, numbers)));
    return this.record(view).dataId;
  }

  override readSync(): never {
    throw new TypeError(`Cannot read the values of a tensor while its program is traced: they do not exist yet${at()}`);
  }
  override read(): never {
    return this.readSync();
  }

  override numDataIds(): number {
    return this.#views.size;
  }
  override disposeData(dataId: object): boolean {
    return this.#views.delete(dataId);
  }
  override refCount(): number {
    return 1;
  }
  override incRef(): void {}
  override floatPrecision(): 32 {
    return 32;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }
  override dispose(): void {
    this.#views.clear();
  }
}

let registered: TraceBackend | undefined;

function register(): TraceBackend {
  if (registered !== undefined) return registered;
  const backend = new TraceBackend();
  tf.registerBackend(BACKEND, () => backend, 0);
  for (const [kernelName, kernel] of Object.entries(kernelRules)) {
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        if (typeof kernel !== 'function') {
          throw new TypeError(`Cannot trace the kernel "${kernelName}"${at()}: use ${kernel.instead}`);
        }
        const views = Array.isArray(inputs)
          ? (inputs as tf.TensorInfo[]).map((input) => backend.view(input))
          : Object.fromEntries(
              Object.entries(inputs).flatMap(([name, input]) =>
                input ? [[name, backend.view(input as tf.TensorInfo)]] : [],
              ),
            );
        const result = located(() => kernel(backend.builder, views as never, (attrs ?? {}) as never));
        return Array.isArray(result) ? result.map((view) => backend.record(view)) : backend.record(result);
      },
    });
  }
  registered = backend;
  return backend;
}

/** Records a kernel; what its rule refuses, such as an option, is told with the line of the program. */
function located<T>(record: () => T): T {
  try {
    return record();
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith('Cannot trace')) error.message += at();
    throw error;
  }
}

/** " at file:line:column" of the innermost caller that is neither tfjs nor this folder. */
function at(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 100;
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  // By its path in the sources: in a bundle, import.meta would name the bundle's.
  const own = ['/src/tensor/', 'node_modules', 'node:', 'tfjs-core', 'tfjs-layers', 'tfjs-backend'];
  const places = lines.flatMap((line) => /\(?([^()\s]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? []);
  const place = places.find((text) => !own.some((part) => text.includes(part)));
  return place === undefined ? '' : ` at ${place}`;
}

/** Names of a program's values in its graph: state tensors go in and come out under one name. */
export const stateName = (name: string): string => `state/${name}`;
export const inputName = (name: string): string => `input/${name}`;
export const outputName = (name: string): string => `output/${name}`;
export const nextStateName = (name: string): string => `next/${name}`;

/**
 * Runs a program on symbolic tensors and returns its graph. Graph inputs are every state tensor and every input, in the
 * definition's order; graph outputs the new state, as far as the program sets it, and the outputs.
 */
export function trace(definition: ProgramDefinition): Graph {
  const backend = register();
  // Looking at the engine's backend sets the default one if none was set yet.
  void tf.engine().backend;
  const previous = tf.getBackend();
  backend.begin();
  // A backend made synchronously is set synchronously; the promise only says so again.
  void tf.setBackend(BACKEND);
  tf.engine().startScope(definition.name);
  try {
    const inputs: { name: string; value: View['value'] }[] = [];
    const symbolic = (specs: Readonly<Record<string, TensorSpec>>, nameOf: (name: string) => string): Tensors => {
      const tensors: Tensors = {};
      for (const [name, { shape, dtype }] of Object.entries(specs)) {
        const value = backend.builder.value('Input', [], { name: nameOf(name), shape: [...shape], dtype });
        inputs.push({ name: nameOf(name), value });
        tensors[name] = tf.engine().makeTensorFromTensorInfo(backend.record(viewOf(value)));
      }
      return tensors;
    };
    const { state = {}, outputs } = definition.run(
      symbolic(definition.state, stateName),
      symbolic(definition.inputs, inputName),
    );
    const results = [
      ...Object.entries(state).map(([name, tensor]) => {
        checkState(definition, name, tensor);
        return { name: nextStateName(name), tensor };
      }),
      ...Object.entries(outputs).map(([name, tensor]) => ({ name: outputName(name), tensor })),
    ].map(({ name, tensor }) => ({ name, value: materialize(backend.builder, backend.view(tensor)) }));
    return finishGraph(definition.name, inputs, results);
  } finally {
    tf.engine().endScope();
    void tf.setBackend(previous);
    backend.begin();
  }
}

/** Throws a RangeError when a program returns state of another type than it declares. */
export function checkState(definition: ProgramDefinition, name: string, tensor: tf.Tensor): void {
  const spec = definition.state[name];
  const got = `${tensor.dtype}[${tensor.shape.join(', ')}]`;
  if (spec === undefined)
    throw new RangeError(`Program "${definition.name}" returns the state "${name}", which it does not declare`);
  if (spec.dtype !== tensor.dtype || spec.shape.join() !== tensor.shape.join()) {
    throw new RangeError(
      `Program "${definition.name}" returns the state "${name}" as ${got}, declared as ${spec.dtype}[${spec.shape.join(', ')}]`,
    );
  }
}
