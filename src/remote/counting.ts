// Bytes on their way, counted.
import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { RemoteFault } from './remote.ts';

/** Breaks off where more than `mostBytes` come. */
export function counting(mostBytes: number, url: string, onBytes: ((count: number) => void) | undefined): Transform {
  let count = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count += chunk.length;
      onBytes?.(chunk.length);
      if (count > mostBytes) done(new RemoteFault('damaged', `${url} sent more than ${mostBytes} bytes`));
      else done(null, chunk);
    },
  });
}

/** A file's bytes, or those given, as a stream. */
export function streamOf(what: string | Uint8Array): Readable {
  return typeof what === 'string' ? createReadStream(what) : Readable.from([what], { objectMode: false });
}
