// Tracing: a stage of any language under strace, which sees every file that it or a process it starts opens.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exitCode, ReproError } from '../../error.ts';
import type { WorkDirectory } from '../process/work-directory.ts';

/** The calls that give access to what a file holds; `?` lets an architecture lack one. */
const calls = '?open,?openat,?openat2,?creat,?execve,?execveat';
/** After a stage, for the tracer to write its last lines. */
const attempts = 100;

export interface Access {
  /** Absolute, links followed where the system did. */
  readonly path: string;
  readonly kind: 'read' | 'write' | 'execute';
}

/** Throws a `ReproError` `cannot-trace` when strace is missing or may not trace here. */
export async function checkTracing(): Promise<void> {
  const words = ['-f', '--seccomp-bpf', '-qq', '-e', 'trace=execve', '-o', '/dev/null', 'true'];
  const { execa } = await import('execa');
  const { failed, code, stderr, shortMessage } = await execa('strace', words, { reject: false, stdin: 'ignore' });
  if (!failed) return;
  const isMissing = code === 'ENOENT';
  throw new ReproError(
    'cannot-trace',
    isMissing ? 'Cannot trace: strace is not installed' : `Cannot trace: ${stderr || shortMessage}`,
    {
      exit: exitCode.usage,
      hint: isMissing
        ? 'Install it, on Debian with "apt-get install strace"; it exists for Linux only'
        : 'The system forbids it: a container needs the capability SYS_PTRACE',
    },
  );
}

/**
 * The words that run a command traced. The command stays a child of ours, with its own exit code; the tracer is a
 * process apart (-DD), which ends when the last one it follows does.
 */
export function straceWords(work: WorkDirectory): string[] {
  const output = join(traceDirectory(work), 'calls');
  return ['-DD', '-ff', '--seccomp-bpf', '-y', '-q', '-e', `trace=${calls}`, '-o', output];
}

export function traceDirectory(work: WorkDirectory): string {
  return join(work.path, 'trace');
}

/** Every file opened or executed, each path and kind once; null when the tracer did not get to its end. */
export async function readTrace(work: WorkDirectory): Promise<Access[] | null> {
  const directory = traceDirectory(work);
  const texts = new Map<string, string>();
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const name of existsSync(directory) ? readdirSync(directory) : []) {
      if (isWhole(texts.get(name))) continue;
      texts.set(name, readFileSync(join(directory, name), 'latin1'));
    }
    if (texts.size > 0 && [...texts.values()].every(isWhole)) {
      return unique([...texts.values()].flatMap((text) => parseTrace(text, work.run)));
    }
    await delay(20);
  }
  return null;
}

/** One file for each process and thread: its last line tells its end. */
function isWhole(text: string | undefined): boolean {
  return text !== undefined && /(^|\n)\+\+\+ (exited|killed|superseded) .*\n$/.test(text);
}

/** Accesses in the output of `strace -y` for one process that began in `directory`. */
export function parseTrace(text: string, directory: string): Access[] {
  let current = directory;
  return text.split('\n').flatMap((line): Access[] => {
    const at = /\(AT_FDCWD<((?:[^>\\]|\\.)*)>/.exec(line);
    if (at) current = unescape(at[1]!);
    const executed = /^execve(?:at)?\((?:[^"]*, )?"((?:[^"\\]|\\.)*)".* = 0$/.exec(line);
    if (executed) return [{ path: resolve(current, unescape(executed[1]!)), kind: 'execute' }];
    const opened = /^(?:open|openat|openat2|creat)\(.* = \d+<((?:[^>\\]|\\.)*)>/.exec(line);
    if (!opened || /\bO_PATH\b/.test(line)) return [];
    const path = unescape(opened[1]!);
    // Pipes and sockets have names such as `pipe:[123]`.
    if (!path.startsWith('/')) return [];
    return kindsOf(line).map((kind) => ({ path, kind }));
  });
}

function kindsOf(line: string): Access['kind'][] {
  // A path may itself hold the names of flags.
  const flags = line.replace(/"(?:[^"\\]|\\.)*"|<(?:[^>\\]|\\.)*>/g, '');
  if (line.startsWith('creat(') || /\bO_WRONLY\b/.test(flags)) return ['write'];
  if (!/\bO_RDWR\b/.test(flags)) return ['read'];
  return /\bO_(TRUNC|EXCL)\b/.test(flags) ? ['write'] : ['read', 'write'];
}

/** Text of strace: bytes beyond printable ASCII as C escapes. */
function unescape(text: string): string {
  const letters: Record<string, number> = { n: 10, t: 9, r: 13, f: 12, v: 11 };
  const bytes: number[] = [];
  for (const [, octal, escaped, plain] of text.matchAll(/\\([0-7]{1,3})|\\(.)|(.)/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (escaped !== undefined) bytes.push(letters[escaped] ?? escaped.charCodeAt(0));
    else bytes.push(plain!.charCodeAt(0));
  }
  return Buffer.from(bytes).toString('utf8');
}

function unique(accesses: readonly Access[]): Access[] {
  return [...new Map(accesses.map((access) => [`${access.kind} ${access.path}`, access])).values()];
}
