// tfjs on WebAssembly, of the binary that the page carries: it can fetch nothing.
import { setWasmPaths, type BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { tf } from '../../tensor/tf.ts';
import { files } from './contents.ts';
import { readFileSync } from './node/fs.ts';

/** Whether the browser has WebAssembly with 128-bit registers: then the backend `wasm` is ready. */
export async function openWasm(): Promise<boolean> {
  const none = { 'tfjs-backend-wasm.wasm': '', 'tfjs-backend-wasm-threaded-simd.wasm': '' };
  setWasmPaths({ ...none, [files.wasm]: files.wasm }, true);
  const fetchCarried = (name: string): Promise<Response> =>
    Promise.resolve(new Response(Uint8Array.from(readFileSync(name))));
  const platform = Object.create(tf.env().platform, { fetch: { value: fetchCarried } }) as tf.Platform;
  tf.env().setPlatform('page', platform);
  try {
    return await tf.setBackend('wasm');
  } catch {
    return false;
  }
}

// Repaired: whatever its type is to be, tfjs 4.22 fills it with integers, and a float32 of their bits is next to nothing.
tf.unregisterKernel('OneHot', 'wasm');
tf.registerKernel({
  kernelName: 'OneHot',
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { dtype, depth, onValue, offValue } = attrs as unknown as tf.OneHotAttrs & { readonly dtype: 'float32' };
    const [wasm, indices] = [backend as BackendWasm, inputs['indices'] as tf.TensorInfo];
    const out = wasm.makeOutput([...indices.shape, depth], dtype);
    const values = wasm.typedArrayFromHeap(out).fill(offValue);
    for (const [row, index] of wasm.typedArrayFromHeap(indices).entries()) {
      if (index >= 0 && index < depth) values[row * depth + index] = onValue;
    }
    return out;
  },
});
