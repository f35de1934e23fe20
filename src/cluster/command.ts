// Commands of a scheduler: what they print, and whether a refusal may pass.

export interface CommandResult {
  readonly failed: boolean;
  /** It did not answer in time. */
  readonly isLate: boolean;
  /** There is no such program here. */
  readonly isMissing: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it failed, in one line. */
  readonly message: string;
}

/** A controller that is busy answers late; sbatch itself gives up after 10 to 100 seconds. */
const patienceMilliseconds = 120_000;

/**
 * What a command says to an input.
 * @param environment Names of variables that it is given, beside those that every program needs
 */
export async function command(
  file: string,
  words: readonly string[],
  { input = '', environment }: { readonly input?: string; readonly environment: RegExp },
): Promise<CommandResult> {
  const { execa } = await import('execa');
  const result = await execa(file, words, {
    input,
    env: variables(environment),
    extendEnv: false,
    reject: false,
    timeout: patienceMilliseconds,
    // Ctrl-C in a terminal is for the runner, which knows what it has submitted.
    detached: true,
  });
  const { failed, timedOut, stdout, stderr } = result;
  const isMissing = result.code === 'ENOENT';
  const said = isMissing ? `the program "${file}" is not here` : lastLine(stderr) || lastLine(stdout);
  return {
    failed,
    isLate: timedOut,
    isMissing,
    stdout,
    stderr,
    message: failed ? said || (result.shortMessage ?? '') : '',
  };
}

const always = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_ALL|TZ|KRB5CCNAME)$/;

/** What the commands need. The rest would go to the controller with every job, secrets too; and of a job that this runs in. */
function variables(needed: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      (always.test(name) || needed.test(name)) && value !== undefined ? [[name, value] as const] : [],
    ),
  );
}

/** Whether what was refused may be taken later, such as a time-out or a limit on submitted jobs. */
export function mayPass(message: string): boolean {
  return /(timed out|time-?out|unable to contact|cannot (connect|contact)|Zero Bytes|connection|communication|commlib|temporarily|try again|please retry|Slow down|limit|too many|in transition|Unexpected message|Transport|Kill task failed|not responding)/i.test(
    message,
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
