// A small process that starts others. To start one the system copies the page tables of who starts it, and the runner, who has
// many, would wait for that: 2 ms at 50 MB, 6 ms at 150 MB. The server takes a fifth of one, while the runner goes on.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { type Child, type Command, type Exit, startHere, type Stream } from './child.ts';
import { endDescendants } from './descendants.ts';
import { forkServerProgram, headBytes } from './fork-server-program.ts';
import { signalGroup } from './signal-group.ts';

/** Without a process to look after, the server ends. */
const idleMilliseconds = 5_000;
/** Within this time it says that a process was started, or refused: one that does not may be stopped, or never have begun. */
const answerMilliseconds = 20_000;

export class ForkServer {
  readonly #process: ChildProcess;
  readonly #channel: Socket;
  readonly #served = new Map<number, ServedChild>();
  #count = 0;
  #unread: Buffer = Buffer.alloc(0);
  #idle: NodeJS.Timeout | undefined;
  #hasEnded = false;

  /** @throws where the system has no room for it */
  constructor() {
    // What the runner is started with, such as a profiler, is not for the server.
    const { NODE_OPTIONS: _, ...environment } = process.env;
    this.#process = spawn(process.execPath, ['-e', forkServerProgram], {
      env: environment,
      // Nobody's directory: one that is removed, or to be unmounted, would be in its way, or it in theirs.
      cwd: '/',
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      detached: true,
    });
    this.#process.unref();
    const channel = (this.#process.stdio as readonly unknown[] | undefined)?.[3];
    // Told later, too, where the system has no more files; nobody has asked for anything by then.
    this.#process.on('error', () => channel !== undefined && this.#end());
    if (channel === undefined) throw new Error('The system has no more files');
    this.#channel = channel as Socket;
    this.#channel.unref();
    this.#channel.on('error', () => this.#end());
    this.#channel.on('close', () => this.#end());
    this.#channel.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** As `startHere`, which it does where the server is gone. */
  start(command: Command): Promise<Child> {
    if (this.#hasEnded) return startHere(command);
    const id = this.#count++;
    const tooLate = setTimeout(() => this.#end(), answerMilliseconds);
    return new Promise<Child>((resolve, reject) => {
      const giveUp = (): void => this.#tell('g', id, '');
      this.#served.set(id, new ServedChild(command, { resolve, reject, giveUp }));
      clearTimeout(this.#idle);
      // While something is to come from it, this process does not end.
      this.#channel.ref();
      this.#tell('s', id, JSON.stringify(command));
    }).finally(() => clearTimeout(tooLate));
  }

  #tell(kind: string, id: number, text: string): void {
    const body = Buffer.from(text);
    const head = Buffer.alloc(headBytes);
    head.write(kind);
    head.writeUInt32LE(id, 1);
    head.writeUInt32LE(body.length, 5);
    this.#channel.write(Buffer.concat([head, body]));
  }

  #read(chunk: Buffer): void {
    let rest = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    while (rest.length >= headBytes) {
      const end = headBytes + rest.readUInt32LE(5);
      if (rest.length < end) break;
      this.#take(rest.toString('latin1', 0, 1), rest.readUInt32LE(1), rest.subarray(headBytes, end));
      rest = rest.subarray(end);
    }
    this.#unread = rest;
  }

  #take(kind: string, id: number, body: Buffer): void {
    const child = this.#served.get(id);
    child?.take(kind, body);
    if (kind !== 'c' && kind !== 'r') return;
    this.#served.delete(id);
    if (this.#served.size > 0) return;
    this.#channel.unref();
    this.#idle = setTimeout(() => this.#end(), idleMilliseconds).unref();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#channel.destroy();
    // One that is stopped, or has not begun to listen, does not see that its channel is closed.
    this.#process.kill('SIGKILL');
    for (const child of this.#served.values()) child.lose();
    this.#served.clear();
  }
}

interface Asked {
  readonly resolve: (child: Child | Promise<Child>) => void;
  readonly reject: (error: Error) => void;
  readonly giveUp: () => void;
}

/** A process of the server, as the runner knows it. */
class ServedChild implements Child {
  pid = 0;
  readonly exit: Promise<Exit | null>;
  readonly giveUp: () => void;
  readonly #command: Command;
  readonly #asked: Asked;
  readonly #closed: Promise<void>;
  #onExit!: (exit: Exit | null) => void;
  #onClosed!: () => void;
  /** What it printed before somebody listened. */
  #printed: [Stream, Buffer][] = [];
  #hear: ((stream: Stream, chunk: Buffer) => void) | null = null;

  constructor(command: Command, asked: Asked) {
    this.#command = command;
    this.#asked = asked;
    this.giveUp = asked.giveUp;
    this.exit = new Promise((resolve) => (this.#onExit = resolve));
    this.#closed = new Promise((resolve) => (this.#onClosed = resolve));
  }

  hear(take: (stream: Stream, chunk: Buffer) => void): Promise<void> {
    this.#hear = take;
    for (const [stream, chunk] of this.#printed) take(stream, chunk);
    this.#printed = [];
    return this.#closed;
  }

  take(kind: string, body: Buffer): void {
    if (kind === 'o') this.#print('stdout', body);
    else if (kind === 'e') this.#print('stderr', body);
    else if (kind === 'c') this.#onClosed();
    else {
      const told: unknown = JSON.parse(body.toString());
      if (kind === 'p') {
        this.pid = told as number;
        this.#asked.resolve(this);
      } else if (kind === 'x') {
        this.#onExit(told as Exit);
      } else {
        const { message, code } = told as { readonly message: string; readonly code?: string };
        this.#asked.reject(Object.assign(new Error(message), { code }));
      }
    }
  }

  /** Without the server nobody is told how it ends. One that nobody was told of is begun here. */
  lose(): void {
    if (this.pid === 0) return this.#asked.resolve(this.#beginHere());
    signalGroup(this.pid, 'SIGKILL');
    this.#onExit(null);
    this.#onClosed();
  }

  async #beginHere(): Promise<Child> {
    // The server may have begun it, and been killed before it could say so.
    const assignment = this.#command.environment['REPRO_STAGE'];
    if (assignment !== undefined) await endDescendants({ assignments: [assignment] });
    return startHere(this.#command);
  }

  #print(stream: Stream, chunk: Buffer): void {
    if (this.#hear === null) this.#printed.push([stream, chunk]);
    else this.#hear(stream, chunk);
  }
}
