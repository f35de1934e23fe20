// A local server whose connections break where a test wants it.
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Request {
  readonly range: string | undefined;
}

export interface FlakyServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: Request[];
}

export interface ServerOptions {
  readonly etag?: (request: number) => string | null;
  /** File that receives the download: a connection is cut only when all that was sent is there. */
  readonly part?: string;
}

/** Serves `content`, at most `limits[i]` bytes of it in the i-th answer before the connection is cut. */
export async function serveFlaky(
  content: Buffer,
  limits: readonly number[],
  options: ServerOptions = {},
): Promise<FlakyServer> {
  const { etag = () => '"v1"', part } = options;
  /** A client drops what it has received and not yet read when its connection is cut. */
  const cut = (request: IncomingMessage, arrived: number): void => {
    const size = part === undefined ? arrived : (statSync(part, { throwIfNoEntry: false })?.size ?? 0);
    if (size >= arrived) request.socket.destroy();
    else setImmediate(cut, request, arrived);
  };
  const requests: Request[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const index = requests.length;
    const { range, 'if-range': ifRange } = request.headers;
    requests.push({ range });
    const tag = etag(index);
    const from = range !== undefined && ifRange === tag ? Number(/^bytes=(\d+)-$/.exec(range)![1]) : 0;
    const rest = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
      ...(tag !== null && { etag: tag }),
    });
    const limit = limits[index] ?? rest.length;
    if (limit >= rest.length) response.end(rest);
    else response.write(rest.subarray(0, limit), () => cut(request, limit === 0 ? 0 : from + limit));
  };
  return { ...(await serveWith(answer)), requests };
}

/** Serves what `answer` writes, at any address. */
export async function serveWith(answer: RequestListener): Promise<Omit<FlakyServer, 'requests'>> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data/set.bin`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
