// The one import of tfjs. The package's CommonJS main registers every gradient and the reference CPU backend;
// tfjs-core's ES modules import without file extensions and do not load in Node.
import { enableProdMode } from '@tensorflow/tfjs';

export * as tf from '@tensorflow/tfjs';

// Otherwise the first tensor prints an advertisement for tfjs-node.
enableProdMode();
