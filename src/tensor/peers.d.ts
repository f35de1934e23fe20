// The optional packages: loaded only for the effect of registering a backend, so their types do not matter.
declare module '@tensorflow/tfjs-node';
declare module '@tensorflow/tfjs-node-gpu';
