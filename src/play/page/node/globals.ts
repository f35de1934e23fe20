// The global of Node that the science uses.
export { Buffer } from 'buffer/index.js';
