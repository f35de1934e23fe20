// Stages whose life a test controls: each connects and waits for orders, so that nothing depends on time.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryDirectory } from './temporary.ts';
import type { TemporaryDirectory } from './temporary.ts';

/** The program of a controlled stage; a test's project holds it as `controlled.mjs`. */
export const controlledStage = readFileSync(new URL('controlled-stage.mjs', import.meta.url), 'utf8');

interface Orders {
  readonly print: string;
  readonly write: { readonly path: string; readonly text: string };
  readonly read: string;
  readonly env: string;
  readonly spawn: null;
  readonly ignore: NodeJS.Signals;
}

export class ControlledStage {
  readonly pid: number;
  /** When its process has ended. */
  readonly ended: Promise<unknown>;
  readonly #socket: Socket;
  readonly #replies: AsyncIterator<string>;

  constructor(pid: number, socket: Socket, replies: AsyncIterator<string>) {
    this.pid = pid;
    this.#socket = socket;
    this.#replies = replies;
    this.ended = once(socket, 'close');
  }

  /** Gives an order and waits until it is done; its result, if it has one. */
  async order<Name extends keyof Orders>(name: Name, value: Orders[Name]): Promise<unknown> {
    this.#socket.write(`${JSON.stringify([name, value])}\n`);
    const { value: line } = await this.#replies.next();
    return (JSON.parse(line as string) as { result: unknown }).result;
  }

  /** Writes its output `out` and ends it well. */
  async finish(): Promise<void> {
    await this.order('write', { path: 'out.txt', text: 'done' });
    await this.exit(0);
  }

  /** Ends it with an exit code. */
  async exit(code: number): Promise<void> {
    this.#socket.write(`${JSON.stringify(['exit', code])}\n`);
    await this.ended;
  }

  kill(): void {
    process.kill(this.pid, 'SIGKILL');
  }
}

export class Control implements AsyncDisposable {
  readonly #directory: TemporaryDirectory;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #arrived = new Map<string, ControlledStage[]>();
  readonly #awaited = new Map<string, ((stage: ControlledStage) => void)[]>();

  private constructor(directory: TemporaryDirectory, server: Server) {
    this.#directory = directory;
    this.#server = server;
    server.on('connection', (socket) => void this.#welcome(socket));
  }

  static async listen(): Promise<Control> {
    const directory = temporaryDirectory();
    const server = createServer();
    server.listen(join(directory.path, 's'));
    await once(server, 'listening');
    return new Control(directory, server);
  }

  /** The words of a command that runs the stage of this name, as JSON, which is YAML too. */
  run(name: string): string {
    return JSON.stringify([process.execPath, 'controlled.mjs', join(this.#directory.path, 's'), name]);
  }

  /** The next stage of this name that connects, or that has. */
  async stage(name: string): Promise<ControlledStage> {
    const arrived = this.#arrived.get(name)?.shift();
    if (arrived) return arrived;
    return new Promise((resolve) => {
      this.#awaited.set(name, [...(this.#awaited.get(name) ?? []), resolve]);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    this.#directory[Symbol.dispose]();
  }

  async #welcome(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => {}); // A killed stage resets its connection.
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const { value: line, done } = await lines.next();
    if (done) return;
    const { name, pid } = JSON.parse(line) as { name: string; pid: number };
    const stage = new ControlledStage(pid, socket, lines);
    const awaited = this.#awaited.get(name)?.shift();
    if (awaited) awaited(stage);
    else this.#arrived.set(name, [...(this.#arrived.get(name) ?? []), stage]);
  }
}
