// A stage's command under the debugger of its language.
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import type { Store } from '../store/store.ts';
import { findProgram } from './code/program.ts';
import { isPython } from './code/python/environment.ts';
import { afterEnv, shebangWords } from './code/script.ts';
import type { StageJob } from './process/executor.ts';

type Command = Pick<StageJob, 'program' | 'words'>;

/**
 * Python under `pdb`, Node waiting for an inspector. Programs that start others, such as `env`, are looked through.
 * @throws {ReproError} `no-debugger` (usage) for any other program
 */
export function debugged<Job extends Command>(job: Job, store: Store): Job {
  const found = ofInterpreter(job) ?? ofEnv(job, store) ?? ofScript(job, store);
  if (found) return { ...job, ...found };
  throw new ReproError('no-debugger', `No debugger is known for "${basename(job.program)}": only for Python and Node`, {
    exit: exitCode.usage,
    hint: 'leave out --debug, and start one by hand in the shell',
  });
}

function ofInterpreter({ program, words }: Command): Command | null {
  if (/^node(js)?$/.test(basename(program))) return { program, words: ['--inspect-brk', ...words] };
  if (!isPython(program)) return null;
  const own = ownOptions(words);
  const what = words[own];
  // A program on the command line, or none, is nothing that pdb could stop in.
  if (what === undefined || what === '-' || /^-[A-Za-z]*c/.test(what)) return null;
  return { program, words: [...words.slice(0, own), '-m', 'pdb', ...words.slice(own)] };
}

/** How many words are options of Python itself, before the script or `-m module`. */
function ownOptions(words: readonly string[]): number {
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith('-') || word === '-' || /^-(?!-)[A-Za-z]*[mc]/.test(word)) break;
    // Their values are words of their own.
    if (/^-[XW]$/.test(word) || word === '--check-hash-based-pycs') at++;
  }
  return Math.min(at, words.length);
}

function ofEnv({ program, words }: Command, store: Store): Command | null {
  const rest = basename(program) === 'env' ? afterEnv(words) : null;
  if (rest === null) return null;
  const inner = ofInterpreter({ program: rest[0]!, words: rest.slice(1) });
  // What `env` sets before is kept.
  const before = words.slice(0, words.length - rest.length);
  return inner && findProgram(rest[0]!, store) ? { program, words: [...before, inner.program, ...inner.words] } : null;
}

/** A script whose first line names its interpreter. */
function ofScript({ program, words }: Command, store: Store): Command | null {
  const [interpreter, ...options] = shebangWords(headOf(program)) ?? [];
  if (interpreter === undefined) return null;
  const command = { program: interpreter, words: [...options, program, ...words] };
  return ofInterpreter(command) ?? ofEnv(command, store);
}

function headOf(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const head = Buffer.alloc(256);
    return head.subarray(0, readSync(handle, head, 0, head.length, 0)).toString('latin1');
  } finally {
    closeSync(handle);
  }
}
