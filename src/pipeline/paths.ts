// What a path in the file may look like: normalized with forward slashes, and inside the project or the stage's directory.
import { posix } from 'node:path';
import { diagnose, type Location, type Report } from './diagnostic.ts';

/** Beside its outputs a stage finds its assignment, a directory that survives a kill, and its TMPDIR. */
const reservedNames = ['scratch', 'tmp', 'stage.json'];
const moduleExtensions = ['.ts', '.mts', '.js', '.mjs'];

/** Bytes of a name in a path. */
const longestName = 255;

/** Why a path is not one within a directory, or null. Globs pass. */
function outsideReason(path: string, within: string): string | null {
  // eslint-disable-next-line no-control-regex -- exactly what must not be in a path
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'must not hold control characters';
  if (path.includes('\\')) return 'must use forward slashes';
  if (posix.isAbsolute(path)) return 'must be relative';
  if (path.split('/').includes('..')) return `must not leave ${within} by ".."`;
  return null;
}

/** Like `outsideReason`, and the one spelling of each path: no `./`, no `//`, no `a/./b`. */
function strictReason(path: string, within: string): string | null {
  const reason = outsideReason(path, within);
  if (reason !== null) return reason;
  const normal = posix.normalize(path);
  if (normal === '.' || normal === './') return `must name something within ${within}`;
  const bytes = new TextEncoder();
  if (path.split('/').some((part) => bytes.encode(part).length > longestName)) {
    return `has a name of more than ${longestName} bytes, which no file system takes`;
  }
  return normal === path ? null : `must be written "${normal}"`;
}

/** Why a path is not a tidy one within the project, or null. */
export function projectPathFault(path: string): string | null {
  return strictReason(path, 'the project');
}

/** Reports a module path that is not a TypeScript or JavaScript file of the project. */
export function checkModulePath(path: string, at: Location, report: Report): void {
  const reason = projectPathFault(path);
  if (reason !== null) return report(diagnose('bad-path', `Module "${path}" ${reason}`, at));
  if (moduleExtensions.some((extension) => path.endsWith(extension))) return;
  const message = `Module "${path}" must end in ${moduleExtensions.join(', ')}`;
  const words = path.trim().split(/\s+/).join(', ');
  report(diagnose('bad-path', message, at, { hint: `a command is written as a list: [${words}]` }));
}

/** Reports a code glob that reaches outside the project. */
export function checkCodeGlob(glob: string, at: Location, report: Report): void {
  const reason = outsideReason(glob, 'the project');
  if (reason !== null) report(diagnose('bad-path', `Code "${glob}" ${reason}`, at));
}

/** The one spelling of a file or glob: `./train.sh` is `train.sh`, `./` is all of the project. */
export function normalGlob(glob: string): string {
  const normal = posix.normalize(glob);
  return normal === './' ? '.' : normal;
}

export interface NamedOutput {
  /** As messages call it: `output "model"`, `the numbers file`. */
  readonly label: string;
  readonly path: string;
  readonly mayBeDirectory: boolean;
  readonly at: Location;
}

/** Reports outputs that leave the stage's directory, take a reserved name, or overlap. */
export function checkOutputs(outputs: readonly NamedOutput[], report: Report): void {
  const seen = new Map<string, NamedOutput>();
  for (const output of outputs) {
    const { label, path, at } = output;
    const reason = strictReason(path, "the stage's directory") ?? ownReason(output);
    if (reason !== null) report(diagnose('bad-path', `The path "${path}" of ${label} ${reason}`, at));
    else seen.set(label, output);
  }
  // Sorted by path, whatever lies inside a directory follows it before anything else does.
  const byPath = [...seen.values()].toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  let around: NamedOutput | null = null;
  for (const output of byPath) {
    if (around === null || !key(output).startsWith(key(around))) {
      around = output;
      continue;
    }
    const [first, second] = around.at.span.start <= output.at.span.start ? [around, output] : [output, around];
    const relation = key(first) === key(second) ? 'are the same path' : 'lie one inside the other';
    const message = `Paths of ${first.label} and ${second.label} ${relation}`;
    const related = [{ message: `${first.label} is here`, at: first.at }];
    report(diagnose('duplicate-output', message, second.at, { related }));
  }
}

function ownReason({ path, mayBeDirectory }: NamedOutput): string | null {
  if (path.includes('${'))
    return 'must not hold "${": nothing is inserted there, and each cell has a directory of its own';
  const first = path.split('/')[0]!;
  if (reservedNames.includes(first)) return `must not begin with "${first}", which the runner puts there`;
  return path.endsWith('/') && !mayBeDirectory ? 'must be a file' : null;
}

/** Two spellings of one accented letter are one file on some systems. */
const key = (output: NamedOutput): string => `${output.path.normalize('NFC').replace(/\/$/, '')}/`;

/**
 * The normalized path of a file or directory input, and whether it was declared external; undefined when wrong and
 * reported. Planning knows no project directory: an absolute path counts as outside.
 */
export function inputPath(
  path: string,
  external: boolean,
  at: Location,
  report: Report,
): { path: string; external: boolean } | undefined {
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '');
  const outside = posix.isAbsolute(normal) || normal === '..' || normal.startsWith('../');
  const wrong = (reason: string, hint?: string): undefined =>
    report(diagnose('bad-path', `Input path "${path}" ${reason}`, at, { hint })) as undefined;
  if (path === '') return wrong('must not be empty');
  // eslint-disable-next-line no-control-regex -- exactly what must not be in a path
  if (/[\u0000-\u001f\u007f]/.test(path)) return wrong('must not hold control characters');
  if (outside && !external) return wrong('lies outside the project', 'allow it with "external: true"');
  if (normal === '.' || normal === '.repro' || normal.startsWith('.repro/')) {
    return wrong('holds the store of results, which every run changes');
  }
  return { path: normal, external };
}
