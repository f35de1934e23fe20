// A pipeline file to a plan that cannot be invalid, or to everything that is wrong with it. Pure: the same text, the same plan.
import type { PipelineDocument } from '../schema/types.ts';
import { diagnose, sortDiagnostics, type Diagnostic, type Report } from './diagnostic.ts';
import { axisNames, checkMatrices } from './expand.ts';
import { planGates } from './gate.ts';
import { topologicalOrder } from './dependencies.ts';
import { composeFiles, type Included, type ReadIncluded } from './include.ts';
import { applyOverrides, checkProfileParams, mergeParams, type Params } from './params.ts';
import type { ParsedFile } from './parse.ts';
import { expandStages } from './plan-cells.ts';
import type { Json, Plan } from './plan.ts';
import { checkProfileStages, defaultProfile, stagesLeftOut, stagesOfProfile } from './profile.ts';
import type { Reference } from './reference.ts';
import { SourceFile } from './source.ts';
import { readStage, type DeclaredStage } from './stage.ts';
import { suggestion } from './suggest.ts';
import { checkValueSecrets } from './url-secret.ts';
import { validateShape } from './validate.ts';

export interface PlanOptions {
  /** null: the one named `default`, where the file has it. */
  readonly profile: string | null;
  /** Values by dotted parameter path, as `--set` gives them. */
  readonly overrides: Readonly<Record<string, Json>>;
  /** Reads the files that the pipeline includes; without it, none can be. */
  readonly read?: ReadIncluded;
}

export type PlanResult =
  | {
      readonly plan: Plan;
      readonly warnings: readonly Diagnostic[];
      readonly included: readonly Included[];
    }
  | { readonly diagnostics: readonly Diagnostic[] };

/** Plans a pipeline for one profile and set of overrides. Never throws for any text; errors come with their warnings. */
export function planPipeline(source: SourceFile, options: PlanOptions): PlanResult {
  const { overrides, read = () => ({ fault: 'nobody reads it' }) } = options;
  const secrets = overrideSecrets(overrides);
  if (secrets.length > 0) return { diagnostics: secrets };
  const composed = composeFiles(source, read);
  if ('diagnostics' in composed) return { diagnostics: sortDiagnostics(composed.diagnostics) };
  const shape = validateShape(composed.file);
  if ('diagnostics' in shape) return { diagnostics: sortDiagnostics(shape.diagnostics) };
  const diagnostics: Diagnostic[] = [];
  const plan = planDocument(shape.document, composed.file, options, (diagnostic) => void diagnostics.push(diagnostic));
  const sorted = sortDiagnostics(diagnostics);
  const failed = plan === undefined || sorted.some(({ severity }) => severity === 'error');
  return failed ? { diagnostics: sorted } : { plan, warnings: sorted, included: composed.included };
}

/** Before anything else: what other diagnostics quote must not be one. */
function overrideSecrets(overrides: PlanOptions['overrides']): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [option, value] of Object.entries(overrides)) {
    const text = `${option}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
    const at = { file: new SourceFile('--set', text), span: { start: 0, end: text.length } };
    checkValueSecrets(value, at, (diagnostic) => void found.push(diagnostic));
  }
  return found;
}

function planDocument(
  document: PipelineDocument,
  file: ParsedFile,
  options: PlanOptions,
  report: Report,
): Plan | undefined {
  const profile = options.profile ?? defaultProfile(document);
  const params = resolveParams(document, file, { ...options, profile }, report);
  checkProfileStages(document, file, report);
  checkMatrices(document, file, report);
  if (params === undefined) return undefined;
  const running = stagesOfProfile(document, profile);
  const declared = new Map<string, DeclaredStage>();
  const axes = axisNames(document);
  for (const [name, declaration] of Object.entries(document.stages)) {
    declared.set(name, readStage(name, declaration, { file, document, params, axes, runs: running.has(name), report }));
  }
  const order = orderStages(declared, report)?.filter((name) => running.has(name));
  if (order === undefined) return undefined;
  const expanded = expandStages(order, declared, document, file, profile, report);
  const gates = planGates({ document, file, profile, axes: expanded.axes, planned: expanded.cells, report });
  return {
    name: document.name,
    file: file.source.path,
    seed: document.seed ?? 0,
    profile,
    overrides: options.overrides,
    params,
    cells: expanded.stages,
    leftOut: stagesLeftOut(document, running),
    gates,
  };
}

function resolveParams(
  document: PipelineDocument,
  file: ParsedFile,
  { profile, overrides }: PlanOptions,
  report: Report,
): Params | undefined {
  // The schema leaves parameters free: whatever YAML held is JSON.
  const base = (document.params ?? {}) as Params;
  const profiles = document.profiles ?? {};
  for (const [name, each] of Object.entries(profiles)) {
    checkProfileParams(base, (each.params ?? {}) as Params, file, name, report);
  }
  if (profile !== null && !Object.hasOwn(profiles, profile)) {
    const source = new SourceFile('--profile', profile);
    const names = Object.keys(profiles);
    const hint = names.length === 0 ? 'the pipeline has no profiles' : suggestion(profile, names);
    const at = { file: source, span: { start: 0, end: profile.length } };
    report(diagnose('unknown-profile', `Unknown profile "${profile}"`, at, { hint }));
    return undefined;
  }
  const chosen = profile === null ? {} : ((profiles[profile]!.params ?? {}) as Params);
  return applyOverrides(mergeParams(base, chosen), overrides, report);
}

function referencesOf(stage: DeclaredStage): Reference[] {
  return [...stage.references.values()];
}

function orderStages(declared: ReadonlyMap<string, DeclaredStage>, report: Report): string[] | undefined {
  const references = new Map([...declared].map(([name, stage]) => [name, referencesOf(stage)]));
  const { order, cycles } = topologicalOrder([...declared.keys()], (name) =>
    references.get(name)!.map((reference) => reference.stage),
  );
  for (const cycle of cycles) {
    const edges = cycle.map((from, index) => {
      const to = cycle[(index + 1) % cycle.length]!;
      const reference = references.get(from)!.find((each) => each.stage === to)!;
      return { message: `"${from}" reads "${reference.text}"`, at: reference.at };
    });
    const trail = [...cycle, cycle[0]!].join(' -> ');
    const message = cycle.length === 1 ? `Stage "${cycle[0]!}" depends on itself` : `Stages form a cycle: ${trail}`;
    report(diagnose('cycle', message, edges[0]!.at, { related: cycle.length === 1 ? [] : edges }));
  }
  return cycles.length === 0 ? order : undefined;
}
