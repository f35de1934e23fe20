// Memory given back early. V8 lets garbage grow to half a gigabyte before it first looks at the old part of its heap.
// After that, how long it waits depends on how much is alive.
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';

/** Bytes; below them the garbage is not worth the tenth of a second. */
const worthCollecting = 128 * 2 ** 20;

/** For after a step that leaves little of what it made, such as the parsing of a large file. */
export function freeHeap(): void {
  if (process.memoryUsage().heapUsed < worthCollecting) return;
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
