// Planning from a text, with its options in a first line `# --profile ci --set a.b=1`.
import { readFileSync } from 'node:fs';
import { diagnosticLines } from '../../src/cli/view/diagnostic-text.ts';
import { terminalText } from '../../src/cli/view/print.ts';
import type { Diagnostic } from '../../src/pipeline/diagnostic.ts';
import { parseOverride } from '../../src/pipeline/parse.ts';
import { planPipeline, type PlanOptions, type PlanResult } from '../../src/pipeline/pipeline.ts';
import type { GatePlan, InputPlan, Json, Plan, CellPlan } from '../../src/pipeline/plan.ts';
import { SourceFile } from '../../src/pipeline/source.ts';

export function planText(text: string, options: Partial<PlanOptions> = {}): PlanResult {
  const overrides: Record<string, Json> = {};
  let profile: string | null = null;
  const words = /^# (--.*)$/m.exec(text.split('\n', 1)[0]!)?.[1]?.split(' ') ?? [];
  for (let i = 0; i < words.length; i += 2) {
    if (words[i] === '--profile') profile = words[i + 1]!;
    else {
      const override = parseOverride(words[i + 1]!);
      if ('diagnostics' in override) throw new Error(texts(override.diagnostics));
      overrides[override.path] = override.value;
    }
  }
  return planPipeline(new SourceFile('pipeline.yaml', text), { profile, overrides, read: readIncluded, ...options });
}

/** Files that golden cases include lie in a folder of their own. */
function readIncluded(path: string): SourceFile | { fault: string } {
  try {
    return new SourceFile(path, readFileSync(new URL(`../golden/included/${path}`, import.meta.url), 'utf8'));
  } catch {
    return { fault: 'it does not exist' };
  }
}

/** The plan of a text that has one. */
export function planOf(text: string, options: Partial<PlanOptions> = {}): Plan {
  const result = planText(text, options);
  if ('plan' in result) return result.plan;
  throw new Error(texts(result.diagnostics));
}

/** Errors of a text that has no plan, or the warnings of one that has. */
export function diagnosticsOf(text: string, options: Partial<PlanOptions> = {}): readonly Diagnostic[] {
  const result = planText(text, options);
  return 'plan' in result ? result.warnings : result.diagnostics;
}

export function texts(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${diagnosticLines(diagnostic).map(terminalText).join('\n')}\n`).join('');
}

/** A cell of a plan. */
export function cellOf(plan: Plan, id: string): CellPlan {
  const cell = plan.cells.find((stage) => stage.id === id);
  if (cell === undefined) throw new Error(`No ${id} among ${plan.cells.map((stage) => stage.id).join(' ')}`);
  return cell;
}

function gateLine({ name, limit, numberName, cells }: GatePlan): string {
  const of = `of ${cells.join(' ')}`;
  if (limit.kind === 'bound') return `gate ${name}: ${limit.min ?? ''} <= ${numberName} <= ${limit.max ?? ''} ${of}`;
  if (limit.kind === 'band') {
    return `gate ${name}: ${numberName} ${of} within ${JSON.stringify(limit.tolerance)} of ${limit.reference}`;
  }
  const { against, margin, level, better } = limit;
  const other = typeof against === 'number' ? against : `${against.numberName} of ${against.cells.join(' ')}`;
  return `gate ${name}: ${numberName} ${of} against ${other}, margin ${margin}, level ${level}, better ${better ?? 'as it says'}`;
}

function resourceText({ memoryBytes, gpus, retries }: CellPlan): string {
  const amounts = { bytes: memoryBytes, gpus, retries };
  return Object.entries(amounts)
    .map(([name, amount]) => (amount === 0 ? '' : ` ${amount} ${name}`))
    .join('');
}

/** A plan as text: its facts, one line per cell, one per gate. */
export function planLines(plan: Plan): string {
  const inputText = (name: string, input: InputPlan): string => {
    switch (input.kind) {
      case 'output':
        return `${name}=${input.cell}.${input.output}`;
      case 'gathered':
        return `${name}=[${input.from.map(({ cell, output }) => `${cell}.${output}`).join(' ')}]${input.labels ? ` of ${JSON.stringify(input.labels)}` : ''}`;
      case 'url':
        return `${name}=${input.url}`;
      case 'absent':
        return `${name}=absent`;
      default:
        return `${name}=${input.kind}:${input.path}${input.external ? ' (external)' : ''}`;
    }
  };
  return [
    `${plan.name} seed ${plan.seed} profile ${plan.profile ?? 'none'} overrides ${JSON.stringify(plan.overrides)}`,
    `params ${JSON.stringify(plan.params)}`,
    ...plan.cells.map((stage) =>
      [
        stage.identity === stage.stage ? stage.id : `${stage.id} was ${stage.identity}`,
        stage.run.kind === 'module'
          ? stage.run.path
          : `${stage.run.inserts ? 'inserting ' : ''}${stage.run.words.join(' ')} (${stage.run.code.join(' ')})`,
        JSON.stringify(stage.params),
        Object.entries(stage.inputs)
          .map(([name, input]) => inputText(name, input))
          .join(', '),
        Object.entries(stage.outputs)
          .map(([name, path]) => `${name}:${path}`)
          .join(', ') + (stage.numbers === null ? '' : ` numbers:${stage.numbers}`),
        `${stage.cpus} cpus${resourceText(stage)}${stage.timeoutSeconds === null ? '' : ` ${stage.timeoutSeconds} s`} ${stage.env.join(' ')}${stage.pass.length > 0 ? ` passing ${stage.pass.join(' ')}` : ''}`,
        `after ${stage.dependsOn.join(' ')}`,
      ]
        .map((part) => part.trim())
        .join(' | '),
    ),
    ...Object.entries(plan.leftOut).map(
      ([stage, profiles]) =>
        `left out ${stage}${profiles.length === 0 ? '' : `, which runs with ${profiles.join(', ')}`}`,
    ),
    ...plan.gates.map(gateLine),
    '',
  ].join('\n');
}

/** A chain of stages with a matrix, a stage that gathers half of its cells, and one that stands alone. */
export const exampleText = `name: example
stages:
  data: { run: d.ts, outputs: { set: set.bin } }
  train: { run: t.ts, inputs: { set: data.set }, outputs: { model: m.bin }, matrix: { size: [1, 2], replicate: 2 } }
  test: { run: e.ts, inputs: { model: train.model }, outputs: { table: t.csv } }
  best: { run: b.ts, inputs: { tables: 'test[size=2,*].table' } }
  other: { run: o.ts }
`;
