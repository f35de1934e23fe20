// One stage as declared: everything about it that is the same in all of its cells.
import type { PipelineDocument, StageDeclaration } from '../schema/types.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { parseDuration } from './duration.ts';
import { parseMemory } from './memory.ts';
import { interpolate, parameterAt, pickParams, reportUnknownParameter, type Params } from './params.ts';
import { locate, type ParsedFile, type YamlPath } from './parse.ts';
import { checkCodeGlob, checkModulePath, checkOutputs, inputPath, normalGlob, type NamedOutput } from './paths.ts';
import type { InputPlan, RunPlan, CellPlan } from './plan.ts';
import { resolveReference, type Reference } from './reference.ts';
import { checkSecret } from './url-secret.ts';

export type DeclaredInput =
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'outside'; readonly input: InputPlan };

export interface DeclaredStage extends Pick<
  CellPlan,
  | 'stage'
  | 'run'
  | 'params'
  | 'outputs'
  | 'numbers'
  | 'env'
  | 'cpus'
  | 'memoryBytes'
  | 'gpus'
  | 'retries'
  | 'timeoutSeconds'
  | 'at'
> {
  readonly inputs: ReadonlyMap<string, DeclaredInput>;
  /** Something about its inputs is wrong and reported: its axes cannot be known. */
  readonly broken: boolean;
}

interface Context {
  readonly file: ParsedFile;
  readonly document: PipelineDocument;
  readonly params: Params;
  /** Whether the profile runs the stage; one that it leaves out may lack a parameter that only another profile gives. */
  readonly runs: boolean;
  readonly report: Report;
}

export function readStage(name: string, declaration: StageDeclaration, context: Context): DeclaredStage {
  const { file, params, report } = context;
  const at = (...path: (string | number)[]): Location => locate(file, ['stages', name, ...path]);
  // Published results lie in artifacts/<stage>, beside artifacts/reference.
  if (name === 'reference') {
    report(diagnose('bad-value', 'The name "reference" is taken by reference manifests', nameLocation(name, file)));
  }
  for (const [index, dotted] of (declaration.params ?? []).entries()) {
    if (parameterAt(params, dotted) === undefined) {
      reportUnknownParameter(params, dotted, at('params', index), report);
    }
  }
  const outputs = Object.entries(declaration.outputs ?? {});
  const { numbers, resources } = declaration;
  const named: NamedOutput[] = outputs.map(([output, path]) => {
    return { label: `output "${output}"`, path, mayBeDirectory: true, at: at('outputs', output) };
  });
  if (numbers !== undefined) {
    named.push({ label: 'the numbers file', path: numbers, mayBeDirectory: false, at: at('numbers') });
  }
  checkOutputs(named, report);
  const devices = (declaration.env ?? []).indexOf('CUDA_VISIBLE_DEVICES');
  if (devices >= 0 && (resources?.gpus ?? 0) > 0) {
    const message = `Stage "${name}" asks for "gpus": the runner sets CUDA_VISIBLE_DEVICES, which "env" cannot name`;
    report(diagnose('bad-value', message, at('env', devices)));
  }
  const inputs = readInputs(name, declaration, context);
  return {
    stage: name,
    run: readRun(name, declaration, context),
    params: pickParams(params, declaration.params ?? []),
    outputs: Object.fromEntries(outputs),
    numbers: numbers ?? null,
    env: [...(declaration.env ?? [])].sort(),
    cpus: resources?.cpus ?? 1,
    memoryBytes: resources?.memory === undefined ? 0 : readMemory(resources.memory, at('resources', 'memory'), report),
    gpus: resources?.gpus ?? 0,
    retries: resources?.retries ?? 0,
    timeoutSeconds: resources?.time === undefined ? null : readSeconds(resources.time, at('resources', 'time'), report),
    at: nameLocation(name, file),
    inputs,
    broken: inputs.size < Object.keys(declaration.inputs ?? {}).length,
  };
}

function nameLocation(stage: string, file: ParsedFile): Location {
  return locate(file, ['stages', stage], 'key');
}

function readRun(name: string, { run, code, packages }: StageDeclaration, { file, report }: Context): RunPlan {
  const path = ['stages', name];
  if (typeof run === 'string') {
    checkModulePath(run, locate(file, [...path, 'run']), report);
    if (code !== undefined) {
      const message = `Stage "${name}" runs a module, whose code is what it imports: "code" is for commands`;
      report(diagnose('bad-value', message, locate(file, [...path, 'code'], 'key')));
    }
    if (packages !== undefined) {
      const message = `Stage "${name}" runs a module, whose packages are those it imports: "packages" is for Python`;
      report(diagnose('bad-value', message, locate(file, [...path, 'packages'], 'key')));
    }
    return { kind: 'module', path: run };
  }
  if (run[0] === '') report(diagnose('bad-value', 'The command has no name', locate(file, [...path, 'run', 0])));
  for (const [index, glob] of (code ?? []).entries()) {
    checkCodeGlob(glob, locate(file, [...path, 'code', index]), report);
  }
  if (code === undefined) {
    const message = `Stage "${name}" runs a command without "code": changes of its code will not be noticed`;
    const hint = 'name the files it runs: code: [train.py, lib/**/*.py], or code: [] when it has none';
    report(diagnose('missing-code', message, locate(file, [...path, 'run'], 'key'), { severity: 'warning', hint }));
  }
  return { kind: 'command', words: run, code: [...new Set((code ?? []).map(normalGlob))], packages: packages ?? null };
}

function readMemory(text: string, at: Location, report: Report): number {
  const bytes = parseMemory(text);
  if (bytes === null) {
    report(diagnose('bad-value', `The memory must be above zero and below 8192 TiB, it is ${text}`, at));
  }
  return bytes ?? 0;
}

function readSeconds(time: string, at: Location, report: Report): number {
  const seconds = parseDuration(time);
  if (seconds !== null) return seconds;
  report(diagnose('bad-value', `The time must be above zero and below 30 years, it is ${time}`, at));
  return 0;
}

/** Inputs by name, without those that are wrong. */
function readInputs(name: string, declaration: StageDeclaration, context: Context): Map<string, DeclaredInput> {
  const { file, document, report } = context;
  const inputs = new Map<string, DeclaredInput>();
  for (const [input, declared] of Object.entries(declaration.inputs ?? {})) {
    const path = ['stages', name, 'inputs', input];
    const at = locate(file, path);
    if (typeof declared === 'string') {
      const reference = resolveReference(declared, at, document.stages, report);
      if (reference !== undefined) inputs.set(input, { kind: 'reference', reference });
    } else if ('url' in declared) {
      const plan = readUrlInput(input, declared, path, context);
      if (plan !== undefined) inputs.set(input, { kind: 'outside', input: plan });
    } else {
      const key = 'file' in declared ? 'file' : 'dir';
      const plan = readPathInput(input, declared, locate(file, [...path, key]), context);
      if (plan !== undefined) inputs.set(input, { kind: 'outside', input: plan });
    }
  }
  return inputs;
}

function readUrlInput(
  name: string,
  declared: { url: string; sha256: string; optional?: boolean },
  path: YamlPath,
  context: Context,
): InputPlan | undefined {
  const { file, report } = context;
  const at = locate(file, [...path, 'url']);
  const digestAt = locate(file, [...path, 'sha256']);
  const url = insertParameters(name, declared.url, declared.optional === true, at, context);
  if (url === null) return { kind: 'absent', at };
  const sha256 = insertParameters(name, declared.sha256, false, digestAt, context);
  if (url === undefined || sha256 === undefined || sha256 === null) return undefined;
  // Put together of parameters that are none each by itself.
  if (checkSecret(url, at, report)) return undefined;
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    return report(diagnose('bad-value', `The address "${url}" is not a URL of http or https`, at)) as undefined;
  }
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    const message = `The digest "${sha256}" is not 64 hexadecimal digits in lower case`;
    return report(diagnose('bad-value', message, digestAt)) as undefined;
  }
  return { kind: 'url', url, sha256, at };
}

/** A text with its parameters, null for an input that is absent because one of them is; undefined when wrong and reported. */
function insertParameters(
  name: string,
  template: string,
  optional: boolean,
  at: Location,
  { params, runs, report }: Context,
): string | null | undefined {
  if (optional && !template.includes('${')) {
    const message = `Input "${name}" can be absent only when it inserts a parameter, which may be null`;
    report(diagnose('bad-value', message, at, { hint: 'write it as "${some.parameter}"' }));
    return undefined;
  }
  const inserted = interpolate(template, params, at, report);
  if (inserted === undefined) return undefined;
  if (!('nullParameter' in inserted)) return inserted.text;
  if (optional || !runs) return null;
  const message = `Input "${name}" needs parameter "${inserted.nullParameter}", which is null`;
  const hint = `give it with --set ${inserted.nullParameter}=…, or mark the input "optional: true"`;
  report(diagnose('bad-value', message, at, { hint }));
  return undefined;
}

function readPathInput(
  name: string,
  declared: { file?: string; dir?: string; external?: boolean; optional?: boolean },
  at: Location,
  context: Context,
): InputPlan | undefined {
  const template = declared.file ?? declared.dir ?? '';
  const text = insertParameters(name, template, declared.optional === true, at, context);
  if (text === undefined) return undefined;
  if (text === null) return { kind: 'absent', at };
  const checked = inputPath(text, declared.external === true, at, context.report);
  return checked && { kind: declared.file === undefined ? 'directory' : 'file', ...checked, at };
}
