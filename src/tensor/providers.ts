// Which of ONNX Runtime's providers work on this machine, and which of them is fastest.
import type { ProgramDefinition } from './program.ts';
import { compile, type Provider } from './session.ts';
import { tf } from './tf.ts';

type GpuProvider = Exclude<Provider, 'cpu'>;

const needs: Readonly<Record<GpuProvider, string>> = {
  webgpu:
    'a GPU with a Vulkan driver (Linux x64: the vendor\'s, or "apt-get install mesa-vulkan-drivers"), Metal or Direct3D 12',
  cuda: 'an NVIDIA GPU, CUDA 12, cuDNN 9 and, on Linux x64, "ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node --ignore-scripts=false"',
};

/** Throws an Error that says what a provider needs, unless it computes here. */
export async function checkProvider(provider: GpuProvider): Promise<void> {
  let three: number | undefined;
  try {
    const program = await compile(sum, 1, provider);
    program.load({ one: Float32Array.of(1) });
    three = (await program.run({ two: Float32Array.of(2) }))['three']![0];
    await program.dispose();
  } catch (cause) {
    throw new Error(`${unusable(provider)}, or use the backend "cpu". ONNX Runtime says: ${reason(cause)}`, { cause });
  }
  if (three !== 3) throw new Error(`${unusable(provider)}: 1 + 2 is ${three} there. Use the backend "cpu"`);
}

const unusable = (provider: GpuProvider): string =>
  `The backend "${provider}" does not work here: it needs ${needs[provider]}`;

const sum: ProgramDefinition = {
  name: 'one plus two',
  state: { one: { shape: [], dtype: 'float32' } },
  inputs: { two: { shape: [], dtype: 'float32' } },
  run: ({ one }, { two }) => ({ outputs: { three: tf.add(one!, two!) } }),
};

/** The end of the message, which is about the cause: before come a file and an expression of the runtime's sources. */
function reason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.trim().split('\n')[0]!.replace(/^.* was false\. /, ''); // prettier-ignore
}

/**
 * The fastest provider that works here, CUDA before WebGPU before the CPU, and why not the others. A GPU must multiply
 * matrices faster than the CPU does: software that stands in for one (SwiftShader, lavapipe) calls itself a GPU, too.
 */
export async function pickProvider(threads: number): Promise<{ provider: Provider; reasons: string[] }> {
  const reasons: string[] = [];
  const cpu = await productMs('cpu', threads);
  for (const provider of ['cuda', 'webgpu'] as const) {
    try {
      await checkProvider(provider);
    } catch (error) {
      reasons.push(`no ${provider} (${reason((error as Error).cause ?? error)})`);
      continue;
    }
    const gpu = await productMs(provider, threads);
    if (gpu < cpu) return { provider, reasons };
    const times = `${gpu.toFixed(1)} ms for products of matrices that take the CPU ${cpu.toFixed(1)} ms`;
    reasons.push(`not ${provider}, which takes ${times}`);
  }
  return { provider: 'cpu', reasons };
}

const SIZE = 512;
const products: ProgramDefinition = {
  name: 'products',
  state: { a: { shape: [SIZE, SIZE], dtype: 'float32' } },
  inputs: {},
  run({ a }) {
    let product = a!;
    for (let i = 0; i < 4; i++) product = tf.matMul(product, a!);
    return { outputs: { mean: tf.mean(product) } };
  },
};

/** Milliseconds of a few products: the best run after one to warm up, or the only one where it takes a second. */
async function productMs(provider: Provider, threads: number): Promise<number> {
  const program = await compile(products, threads, provider);
  program.load({ a: new Float32Array(SIZE * SIZE).fill(1 / SIZE) });
  const times: number[] = [];
  while (times.length < 4 && (times[0] ?? 0) < 1000) {
    const start = performance.now();
    await program.run({});
    times.push(performance.now() - start);
  }
  await program.dispose();
  return Math.min(...times.slice(times.length > 1 ? 1 : 0));
}
