// Between a client and a server: it passes everything on, up to a byte, and from there nothing, or it hangs up.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Fault {
  /** Towards the server, or from it. */
  readonly way: 'up' | 'down';
  /** Bytes that still pass, of all connections together. */
  readonly after: number;
  /** What follows: silence, or connections that break, and new ones that are refused. */
  readonly then: 'silence' | 'hanging up';
}

export interface Proxy extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** Fulfilled when all bytes have passed that pass. */
  readonly reached: Promise<void>;
}

/** @param server Address, such as `http://127.0.0.1:80` */
export async function startProxy(server: string, { way, after, then }: Fault): Promise<Proxy> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  let left = after;
  let reach = (): void => {};
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const pass = (from: Socket, to: Socket, counted: boolean): void => {
    from.on('data', (chunk: Buffer) => {
      const passing = counted ? chunk.subarray(0, Math.max(left, 0)) : chunk;
      if (left > 0 || !counted) to.write(passing);
      if (!counted) return;
      left -= chunk.length;
      if (left > 0) return;
      reach();
      if (then === 'hanging up') close();
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const listener = createServer((client) => {
    const behind = connect(Number(port), hostname);
    for (const socket of [client, behind]) sockets.add(socket);
    pass(client, behind, way === 'up');
    pass(behind, client, way === 'down');
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const close = (): void => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    reached,
    [Symbol.asyncDispose]: () => Promise.resolve(close()),
  };
}
