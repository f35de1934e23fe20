// A program is a pure tfjs function of (state, inputs) together with its shapes: one definition, traced to ONNX
// (session.ts) or run eagerly on any tfjs backend (backend.ts).
import type { tf } from './tf.ts';

export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

/** Tensors by name. */
export type Tensors = Record<string, tf.Tensor>;

/** Plain values by name, row-major. */
export type HostTensors = Record<string, Float32Array | Int32Array>;

/** A pure function of (state, inputs) written with tfjs. The same definition is traced to ONNX or run eagerly. */
export interface ProgramDefinition {
  readonly name: string;
  /** What stays with the program between runs: parameters, moments, moving averages. */
  readonly state: Readonly<Record<string, TensorSpec>>;
  /** What each run is given: batch, noise, t, learning rate. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** New values for some or all of the state (the rest is unchanged), and the outputs of this run. */
  run(state: Tensors, inputs: Tensors): { readonly state?: Tensors; readonly outputs: Tensors };
}

/** A program of samples that know nothing of each other, so that it can be had for fewer of them at a time. */
export interface BatchedDefinition extends ProgramDefinition {
  withBatch(batch: number): BatchedDefinition;
}

/** A compiled program together with its state. */
export interface Program {
  /** An estimate of the bytes that a run takes at most; not known of a program that runs eagerly. */
  readonly peakBytes?: number;
  /** Sets every state tensor; the arrays are copied. Must come before the first run when there is state. */
  load(state: HostTensors): void;
  /** Runs once, moves the state on, and returns the outputs. */
  run(inputs: HostTensors): Promise<HostTensors>;
  /** There where runs that are started together are faster than one by one. */
  readonly together?: {
    /** How many it is worth while to start together. */
    readonly count: number;
    /** Runs once for each of `inputs`, moving the state on each time; the outputs of each. */
    run(inputs: readonly HostTensors[]): Promise<HostTensors[]>;
  };
  /** A copy of the state. */
  read(): Promise<HostTensors>;
  dispose(): Promise<void>;
}

/** Throws a TypeError or RangeError naming the tensor whose name, type or length does not match its spec. */
export function checkTensors(what: string, specs: Readonly<Record<string, TensorSpec>>, values: HostTensors): void {
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(specs, name)) {
      throw new TypeError(`${what} has no tensor "${name}": it takes ${Object.keys(specs).join(', ') || 'none'}`);
    }
  }
  for (const [name, spec] of Object.entries(specs)) {
    const value = values[name];
    if (value === undefined)
      throw new TypeError(`${what} needs the tensor "${name}" of shape [${spec.shape.join(', ')}]`);
    if ((spec.dtype === 'float32') !== value instanceof Float32Array) {
      throw new TypeError(`${what}: "${name}" must be ${spec.dtype}, got ${value.constructor.name}`);
    }
    const size = spec.shape.reduce((a, b) => a * b, 1);
    if (value.length !== size) {
      throw new RangeError(
        `${what}: "${name}" of shape [${spec.shape.join(', ')}] has ${size} elements, got ${value.length}`,
      );
    }
  }
}

/** What every program sees to: that its state is loaded, that inputs fit, and that one run ends before the next begins. */
export class Turns {
  readonly #definition: ProgramDefinition;
  #running = false;

  constructor(definition: ProgramDefinition) {
    this.#definition = definition;
  }

  /** Does `work` with a state that is there. Throws an Error where it is not or a run goes on, and as `checkTensors` does. */
  async take<S, T>(
    state: S | undefined,
    inputs: readonly HostTensors[],
    work: (state: S) => Promise<T> | T,
  ): Promise<T> {
    const { name, inputs: specs } = this.#definition;
    if (state === undefined) throw new Error(`Load the state of program "${name}" before its first run`);
    if (this.#running) throw new Error(`Program "${name}" is already running: wait for one run before the next`);
    for (const each of inputs) checkTensors(`Program "${name}"`, specs, each);
    this.#running = true;
    try {
      return await work(state);
    } finally {
      this.#running = false;
    }
  }

  /** The state, for reading. Throws an Error where it is not loaded. */
  loaded<S>(state: S | undefined): S {
    if (state === undefined) throw new Error(`Program "${this.#definition.name}" has no state yet: load it`);
    return state;
  }
}
