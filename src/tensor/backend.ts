// Where programs run: compiled by ONNX Runtime, or eagerly on a tfjs backend. Each engine is loaded when it is asked
// for and not before.
import type { Program, ProgramDefinition } from './program.ts';

/** 'cpu' is compiled; 'tfjs' is the plain JavaScript reference; the others are tfjs on TensorFlow, optional packages. */
export type BackendName = 'cpu' | 'tfjs' | 'tensorflow' | 'tensorflow-gpu';

export interface Backend {
  readonly name: BackendName;
  readonly threads: number;
  /** Versions of the libraries that compute, by package. */
  readonly versions: Readonly<Record<string, string>>;
  compile(definition: ProgramDefinition): Promise<Program>;
}

/** Opens a backend. Throws an Error naming the install command when an optional package is missing. */
export async function openBackend(name: BackendName, options: { readonly threads: number }): Promise<Backend> {
  const { threads } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`Threads must be a positive integer, got ${threads}`);
  const { tf } = await import('./tf.ts');
  const versions = { '@tensorflow/tfjs': tf.version['tfjs-core'] };
  if (name === 'cpu') {
    const { compile, loadRuntime } = await import('./session.ts');
    const { env } = await loadRuntime();
    return {
      name,
      threads,
      versions: { ...versions, 'onnxruntime-node': env.versions.node ?? 'unknown' },
      compile: (definition) => compile(definition, threads),
    };
  }
  const { EagerProgram } = await import('./eager.ts');
  const eager = (backend: string) => (definition: ProgramDefinition) =>
    Promise.resolve(new EagerProgram(definition, backend));
  switch (name) {
    case 'tfjs':
      return { name, threads: 1, versions, compile: eager('cpu') };
    case 'tensorflow':
      await load('@tensorflow/tfjs-node', () => import('@tensorflow/tfjs-node'));
      return { name, threads, versions, compile: eager('tensorflow') };
    case 'tensorflow-gpu':
      await load('@tensorflow/tfjs-node-gpu', () => import('@tensorflow/tfjs-node-gpu'));
      return { name, threads, versions, compile: eager('tensorflow') };
  }
}

async function load(packageName: string, importPackage: () => Promise<unknown>): Promise<void> {
  try {
    await importPackage();
  } catch (cause) {
    throw new Error(
      `Cannot load ${packageName}: install it with "npm install ${packageName} && npm rebuild ${packageName}", or use the backend "cpu"`,
      { cause },
    );
  }
}
