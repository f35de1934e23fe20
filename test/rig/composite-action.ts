// A composite action of GitHub, run as a job would: its shell steps by bash, its caches and artifacts as folders.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { temporaryDirectory } from './temporary.ts';

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
  readonly 'working-directory'?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export interface JobOptions {
  /** The checkout. */
  readonly workspace: string;
  /** Stands for the cache of the repository. */
  readonly cache: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** `github.base_ref` and others, by their names. */
  readonly context: Readonly<Record<string, string>>;
}

export interface JobResult {
  readonly isGreen: boolean;
  /** Markdown. */
  readonly summary: string;
  /** Files of the workspace that are kept, by their paths there. */
  readonly artifacts: readonly string[];
  readonly log: string;
}

export function readAction(file: string): Action {
  return parse(fs.readFileSync(file, 'utf8')) as Action;
}

/** Runs the steps in order; after one that failed, those that always run. */
export function runAction({ inputs, runs }: Action, options: JobOptions): JobResult {
  using files = temporaryDirectory({ output: '', summary: '' });
  const values = new Map<string, string>([
    ...Object.entries({ ...mapped(inputs, (input) => input.default), ...options.inputs }).map(
      ([name, value]) => [`inputs.${name}`, value] as const,
    ),
    ...Object.entries(options.context),
  ]);
  const job = { ...options, values, files: files.path, artifacts: [] as string[], log: '' };
  let isGreen = true;
  for (const step of runs.steps) {
    const condition = step.if ?? 'true';
    if (!isGreen && !condition.includes('always()')) continue;
    if (!holds(condition, values)) continue;
    if (step.uses !== undefined) useStep(step, job);
    else if (!runStep(step, job)) isGreen = false;
  }
  const summary = fs.readFileSync(path.join(files.path, 'summary'), 'utf8');
  return { isGreen, summary, artifacts: job.artifacts, log: job.log };
}

interface Job extends JobOptions {
  readonly values: Map<string, string>;
  readonly files: string;
  readonly artifacts: string[];
  log: string;
}

function runStep(step: Step, job: Job): boolean {
  const output = path.join(job.files, 'output');
  fs.writeFileSync(output, '');
  // As GitHub starts `shell: bash`.
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run!], {
    cwd: path.join(job.workspace, filled(step['working-directory'] ?? '.', job.values)),
    env: {
      PATH: process.env['PATH'],
      HOME: job.files,
      CI: 'true',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: path.join(job.files, 'summary'),
      RUNNER_TEMP: job.files,
      ...mapped(step.env ?? {}, (value) => filled(value, job.values)),
    },
    encoding: 'utf8',
  });
  job.log += `## ${step.name}: ${status}\n${stdout}${stderr}`;
  for (const line of fs.readFileSync(output, 'utf8').split('\n').filter(Boolean)) {
    const [name, ...value] = line.split('=');
    job.values.set(`steps.${step.id}.outputs.${name}`, value.join('='));
  }
  return status === 0;
}

function useStep({ uses, with: given = {} }: Step, job: Job): void {
  const paths = filled(given['path']!, job.values).split('\n').filter(Boolean);
  const copy = (from: string, to: string): void => {
    for (const each of paths.filter((name) => fs.existsSync(path.join(from, name)))) {
      fs.cpSync(path.join(from, each), path.join(to, each), { recursive: true, force: true });
    }
  };
  if (uses!.startsWith('actions/cache/restore@')) copy(job.cache, job.workspace);
  else if (uses!.startsWith('actions/cache/save@')) copy(job.workspace, job.cache);
  else if (uses!.startsWith('actions/upload-artifact@')) {
    job.artifacts.push(...paths.map(path.normalize).filter((each) => fs.existsSync(path.join(job.workspace, each))));
  } else throw new Error(`No such action is known here: ${uses}`);
}

/** Conditions of the forms that are used: `a == 'b'` and `a != 'b'`, with `&&` between, and `always()`. */
function holds(condition: string, values: ReadonlyMap<string, string>): boolean {
  return condition.split('&&').every((part) => {
    const [, name, operator, value] = /^\s*([\w.-]+)\s*(==|!=)\s*'([^']*)'\s*$/.exec(part) ?? [];
    if (name === undefined) return ['always()', 'true'].includes(part.trim());
    return ((values.get(name) ?? '') === value) === (operator === '==');
  });
}

function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => values.get(name) ?? '');
}

function mapped<In, Out>(table: Readonly<Record<string, In>>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}
