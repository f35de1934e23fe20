// What scripts say of the programs they start: the first line, the words of `env`, a wrapper's `exec`.

/** The words of a script's first line, `#!/usr/bin/env python3`; as on Linux, what follows the first is one word. */
export function shebangWords(head: string): string[] | null {
  const [, program, argument] = /^#![ \t]*([^\s]+)[ \t]*([^\n]*?)[ \t\r]*(?:\n|$)/.exec(head) ?? [];
  if (program === undefined) return null;
  return argument ? [program, argument] : [program];
}

export function isShell([program = '', argument = '']: readonly string[]): boolean {
  const name = /(?:^|\/)env$/.test(program) ? (afterEnv([argument])?.[0] ?? '') : program;
  return /(?:^|\/)(?:a|ba|da|k|mk|z|fi)?sh$/.test(name);
}

/** The command that `env` starts with these words; null where it starts none that can be told. */
export function afterEnv(words: readonly string[]): string[] | null {
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const split = /^(?:-[iv0]*S|--split-string(?:=|$)) *(.*)$/s.exec(word);
    if (split) {
      // The first word of a `#!` line has all in one, `-S python3 -u`.
      const text = split[1] || (rest.shift() ?? '');
      if (/["'\\$]/.test(text)) return null;
      rest.unshift(...text.split(/\s+/).filter(Boolean));
    } else if (word === '--') return rest.length > 0 ? rest : null;
    else if (/^(?:-[uC]|--unset|--chdir)$/.test(word)) rest.shift();
    else if (/^PATH=/.test(word)) return null;
    else if (!/^-/.test(word) && !/^[A-Za-z_]\w*=/.test(word)) return [word, ...rest];
  }
  return null;
}

export interface ExecTarget {
  /** The command, without the arguments that are passed on. */
  readonly words: readonly string[];
  /** Whether the script does nothing else. */
  readonly isAll: boolean;
}

/** Lines of a wrapper that start nothing: settings, and variables with values that are written there. */
const harmless = /^(?:#.*|set [-+]\w+|(?:export )?(?!PATH=)[A-Za-z_]\w*=(?:[^\s"'$`;&|<>()]*|'[^']*'|"[^"$`]*"))$/;

/** What a shell script ends in, when that is `exec /a/program … "$@"` with a program that is written there. */
export function execTarget(text: string): ExecTarget | null {
  const lines = text.split('\n').map((line) => line.trim());
  const commands = lines.filter((line) => line !== '' && !harmless.test(line));
  const last = commands.at(-1) ?? '';
  const [, line] = /^exec ((?:"\/[^"$`\\]+"|\/[^\s"'$`\\;&|<>()]+|[\w.+-]+)(?: [^;&|<>()]*)?)$/.exec(last) ?? [];
  if (line === undefined) return null;
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  const passed = words.findIndex((word) => /^\$[@*]$/.test(word));
  const own = passed < 0 ? words : words.slice(0, passed);
  return { words: own, isAll: commands.length === 1 && own.every((word) => !/[$`]/.test(word)) };
}
