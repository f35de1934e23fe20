// `repro shell STAGE`: a shell where a stage would run, with what it would be given; `--debug`: its debugger.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { prepareShell, type StageShell } from '../project/shell.ts';
import { onlyThese } from '../runner/process/variables.ts';
import { open } from './open.ts';
import type { ShellOptions } from './options.ts';
import { shellWord } from './view/command-text.ts';
import { complain, printJson } from './view/print.ts';

type Command = Parameters<StageShell['started']>[0];

/** Ends with the exit code of what it starts. */
export async function shellVerb(options: ShellOptions, stage: string): Promise<ExitCode> {
  const project = open(options);
  const shell = await prepareShell(project, stage, options);
  const { cell, job } = shell;
  const directory = path.relative(process.cwd(), job.directory);
  if (options.json) {
    // Values of these are for the stage alone.
    const inherited = [...cell.env, ...cell.pass];
    const environment = Object.fromEntries(
      Object.entries(job.environment).filter(([name]) => !inherited.includes(name)),
    );
    const command = [job.program, ...job.words];
    printJson({ stage: cell.id, directory: job.directory, command, environment, inherited });
    return exitCode.ok;
  }
  let isKept = options.keep ?? false;
  try {
    const command = options.debug ? shell.debugged() : interactive(cell.id);
    complain(
      `${cell.id}: ${directory}${isKept ? '' : '  (removed at the end; --keep keeps it)'}`,
      '  code and inputs that stages made are copies; files of the project are read in place',
      ...(shell.attempt === null ? [] : [attemptLine(shell.attempt)]),
      `  its command is ../command: ${[job.program, ...job.words].map(shellWord).join(' ')}`,
    );
    return await start(shell.started(command), job);
  } catch (error) {
    isKept = false;
    throw error;
  } finally {
    if (isKept) complain(`kept: ${directory}`);
    else shell.remove();
  }
}

function attemptLine({ path: there, isAtWork }: StageShell['attempt'] & object): string {
  const where = path.relative(process.cwd(), there);
  if (isAtWork) return `  it runs now, in ${where}: scratch/ is empty here`;
  return `  scratch/ is a copy of what the last attempt left; all of that is in ${where}`;
}

/** Files that a person's shell reads as it begins would change the variables that the stage sees. */
const withoutFiles: Readonly<Record<string, readonly string[]>> = {
  bash: ['--noprofile', '--norc'],
  zsh: ['-f'],
  fish: ['--no-config'],
};

/** The person's shell, where it can be told to leave the variables as they are. */
function interactive(cell: string): Command & { readonly variables: Readonly<Record<string, string>> } {
  const program = process.env['SHELL'] ?? '';
  const words = withoutFiles[path.basename(program)];
  const variables = { PS1: `${cell}$ ` };
  return words === undefined ? { program: '/bin/sh', words: [], variables } : { program, words, variables };
}

/** Starts a command on this terminal, and waits for its end. */
async function start(
  { program, words, ...more }: Command & { readonly variables?: Readonly<Record<string, string>> },
  { directory, environment, passed }: StageShell['job'],
): Promise<ExitCode> {
  const { TERM } = process.env;
  const child = spawn(program, words, {
    cwd: directory,
    env: { ...(TERM !== undefined && { TERM }), ...more.variables, ...onlyThese(process.env, passed), ...environment },
    stdio: 'inherit',
  });
  // The terminal tells both of Ctrl-C, which is for the one in front; other signals reach this process alone.
  const ignore = (): void => {};
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGQUIT', ignore).on('SIGTERM', pass).on('SIGHUP', pass);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve((code ?? 128 + constants.signals[signal!]) as ExitCode));
    });
  } finally {
    process.off('SIGINT', ignore).off('SIGQUIT', ignore).off('SIGTERM', pass).off('SIGHUP', pass);
  }
}
