// A program run kernel by kernel on an ordinary tfjs backend: the reference of the compiled one, and the way to
// TensorFlow where its packages are installed.
import { checkTensors, Turns } from './program.ts';
import type { HostTensors, Program, ProgramDefinition, Tensors, TensorSpec } from './program.ts';
import { tf } from './tf.ts';
import { checkState } from './trace.ts';

export class EagerProgram implements Program {
  readonly #definition: ProgramDefinition;
  readonly #backend: string;
  readonly #turns: Turns;
  #state: Tensors | undefined;

  /** `backend` is tfjs's name of a registered backend. */
  constructor(definition: ProgramDefinition, backend: string) {
    this.#definition = definition;
    this.#turns = new Turns(definition);
    this.#backend = backend;
    if (Object.keys(definition.state).length === 0) this.#state = {};
  }

  /** Works on this program's backend and leaves the one that was set before; synchronous, so nothing comes between. */
  #on<T>(work: () => T): T {
    void tf.engine().backend;
    const previous = tf.getBackend();
    void tf.setBackend(this.#backend);
    try {
      return work();
    } finally {
      if (previous !== this.#backend) void tf.setBackend(previous);
    }
  }

  load(state: HostTensors): void {
    checkTensors(`The state of program "${this.#definition.name}"`, this.#definition.state, state);
    this.#on(() => {
      if (this.#state !== undefined) tf.dispose(this.#state);
      this.#state = toTensors(this.#definition.state, state);
    });
  }

  run(inputs: HostTensors): Promise<HostTensors> {
    return this.#turns.take(this.#state, [inputs], (state) => this.#on(() => this.#step(state, inputs)));
  }

  #step(state: Tensors, inputs: HostTensors): HostTensors {
    const next: Tensors = {};
    const outputs = tf.tidy(() => {
      const result = this.#definition.run(state, toTensors(this.#definition.inputs, inputs));
      for (const [name, tensor] of Object.entries(result.state ?? {})) {
        checkState(this.#definition, name, tensor);
        next[name] = tf.keep(tensor.clone());
      }
      return toHost(result.outputs);
    });
    for (const [name, tensor] of Object.entries(next)) {
      state[name]?.dispose();
      state[name] = tensor;
    }
    return outputs;
  }

  async read(): Promise<HostTensors> {
    const state = this.#turns.loaded(this.#state);
    return this.#on(() => toHost(state));
  }

  dispose(): Promise<void> {
    if (this.#state !== undefined) tf.dispose(this.#state);
    this.#state = undefined;
    return Promise.resolve();
  }
}

function toTensors(specs: Readonly<Record<string, TensorSpec>>, values: HostTensors): Tensors {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [
      name,
      tf.tensor(values[name]!.slice(), [...shape], dtype),
    ]),
  );
}

const toHost = (tensors: Tensors): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const values = tensor.dataSync();
      return [name, tensor.dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values)];
    }),
  );
