// Where programs run: compiled by ONNX Runtime, or eagerly on a tfjs backend. Each engine is loaded when it is asked
// for and not before.
import type { Program, ProgramDefinition } from './program.ts';
import type { Provider } from './session.ts';

/**
 * 'cpu', 'webgpu' and 'cuda' are compiled; 'tfjs' is the plain JavaScript reference; the tensorflow ones are tfjs on
 * TensorFlow, optional packages. 'auto' is the fastest of the compiled ones that works here.
 */
export type BackendName = 'auto' | Provider | 'tensorflow-gpu' | 'tensorflow' | 'tfjs';

const names: readonly BackendName[] = ['auto', 'cpu', 'webgpu', 'cuda', 'tfjs', 'tensorflow', 'tensorflow-gpu'];

export interface Backend {
  /** What computes; where it was left to 'auto', what that picked. */
  readonly name: Exclude<BackendName, 'auto'>;
  readonly threads: number;
  /** Versions of the libraries that compute, by package. */
  readonly versions: Readonly<Record<string, string>>;
  /** In the words of a log: what computes and, where it was left to 'auto', why not something else. */
  readonly description: string;
  compile(definition: ProgramDefinition): Promise<Program>;
}

/** Opens a backend. Throws an Error that says what to install when it does not work here, or what there is instead. */
export async function openBackend(name: BackendName, options: { readonly threads: number }): Promise<Backend> {
  const { threads } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`Threads must be a positive integer, got ${threads}`);
  const { tf } = await import('./tf.ts');
  const versions = { '@tensorflow/tfjs': tf.version['tfjs-core'] };
  switch (name) {
    case 'auto': {
      const { pickProvider } = await import('./providers.ts');
      const { provider, reasons } = await pickProvider(threads);
      const backend = await openBackend(provider, options);
      return { ...backend, description: [`${backend.description}, picked by "auto"`, ...reasons].join('; ') };
    }
    case 'cpu':
    case 'webgpu':
    case 'cuda': {
      const { compile, loadRuntime } = await import('./session.ts');
      if (name !== 'cpu') await (await import('./providers.ts')).checkProvider(name);
      const { env } = await loadRuntime();
      return described({
        name,
        threads,
        versions: { ...versions, 'onnxruntime-node': env.versions.node ?? 'unknown' },
        compile: (definition) => compile(definition, threads, name),
      });
    }
    case 'tfjs':
      return described({ name, threads: 1, versions, compile: await eager('cpu') });
    case 'tensorflow':
    case 'tensorflow-gpu': {
      const packageName = name === 'tensorflow' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-node-gpu';
      const version = await load(packageName, () =>
        name === 'tensorflow' ? import('@tensorflow/tfjs-node') : import('@tensorflow/tfjs-node-gpu'),
      );
      return described({
        name,
        threads,
        versions: { ...versions, [packageName]: version },
        compile: await eager('tensorflow'),
      });
    }
  }
  // The name comes from a pipeline file.
  throw new Error(`There is no backend ${JSON.stringify(name)}: there are ${names.join(', ')}`);
}

async function eager(backend: string): Promise<Backend['compile']> {
  const { EagerProgram } = await import('./eager.ts');
  return (definition) => Promise.resolve(new EagerProgram(definition, backend));
}

function described(backend: Omit<Backend, 'description'>): Backend {
  const { name, threads, versions } = backend;
  const libraries = Object.entries(versions).map(([library, version]) => `${library} ${version}`);
  return { ...backend, description: `backend ${name}, threads ${threads}, ${libraries.join(', ')}` };
}

/** The version of an optional package, loaded. */
async function load(packageName: string, importPackage: () => Promise<unknown>): Promise<string> {
  try {
    const { version } = (await importPackage()) as { version?: Readonly<Record<string, string>> };
    return version?.['tfjs-node'] ?? version?.['tfjs-core'] ?? 'unknown';
  } catch (cause) {
    throw new Error(
      `Cannot load ${packageName}: install it with "npm install ${packageName} && npm rebuild ${packageName} --ignore-scripts=false", or use the backend "cpu"`,
      { cause },
    );
  }
}
