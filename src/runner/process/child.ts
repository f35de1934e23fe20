// A process that leads a process group of its own, whoever started it: the runner itself, or its fork server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Command {
  /** Absolute path of the program, and its arguments. */
  readonly program: string;
  readonly words: readonly string[];
  readonly directory: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export type Stream = 'stdout' | 'stderr';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Child {
  readonly pid: number;
  /** Null where nobody knows any more how it ended, or whether. */
  readonly exit: Promise<Exit | null>;
  /** Takes what it prints, until nobody has its standard output and error open, or they are given up. To be called once. */
  hear(take: (stream: Stream, chunk: Buffer) => void): Promise<void>;
  /** Takes no more of what it prints. */
  giveUp(): void;
}

/**
 * Starts a process from this one.
 * @throws {Error} with `code` as the system or Node names what was wrong
 */
export async function startHere({ program, words, directory, environment }: Command): Promise<Child> {
  const child = spawn(program, words, {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid, stdout, stderr } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw error;
  }
  const streams = [['stdout', stdout] as const, ['stderr', stderr] as const];
  return {
    pid,
    exit: new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal }))),
    hear: async (take) => {
      await Promise.all(
        streams.map(([name, stream]) => {
          stream.on('data', (chunk: Buffer) => take(name, chunk));
          return once(stream, 'close');
        }),
      );
    },
    giveUp: () => {
      for (const [, stream] of streams) stream.destroy();
    },
  };
}
