// `@tensorflow/tfjs` without what the science never uses of it, layers, converter and data: a third of its size.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgl';
export * from '@tensorflow/tfjs-core';
