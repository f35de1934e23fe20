// Inputs that no stage makes: a file, a directory or a download, whose texts may insert what differs by cell.
import type { StageDeclaration } from '../schema/types.ts';
import { diagnose, type Report } from './diagnostic.ts';
import { locate, type ParsedFile } from './parse.ts';
import { inputPath } from './paths.ts';
import type { InputPlan } from './plan.ts';
import { fillPath, insertsOf, parseTemplate, type Scope, type Text } from './template.ts';
import { checkSecret } from './url-secret.ts';

export interface OutsideInput {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'url';
  readonly text: Text;
  readonly sha256: Text | null;
  readonly external: boolean;
  readonly optional: boolean;
}

/** The inputs from outside of a stage as declared, without those of which a text is wrong and reported. */
export function outsideInputs(
  stage: string,
  { inputs = {} }: StageDeclaration,
  { file, report }: { readonly file: ParsedFile; readonly report: Report },
): { readonly inputs: readonly OutsideInput[]; readonly isWhole: boolean } {
  let failed = false;
  const found: OutsideInput[] = [];
  for (const [input, declared] of Object.entries(inputs)) {
    if (typeof declared === 'string' || 'cells' in declared) continue;
    const text = (key: string, written: string): Text | null => {
      const at = locate(file, ['stages', stage, 'inputs', input, key]);
      const template = parseTemplate(written, at, report);
      if (template === undefined) failed = true;
      return template === undefined ? null : { template, at };
    };
    const [key, kind] =
      'url' in declared
        ? (['url', 'url'] as const)
        : 'file' in declared
          ? (['file', 'file'] as const)
          : (['dir', 'directory'] as const);
    const main = text(key, (declared as unknown as Record<string, string>)[key]!);
    const sha256 = 'url' in declared ? text('sha256', declared.sha256) : null;
    const optional = declared.optional === true;
    if (main !== null && optional && insertsOf(main.template).length === 0) {
      const message = `Input "${input}" can be absent only when it inserts a parameter, which may be null`;
      report(diagnose('bad-value', message, main.at, { hint: 'write it as "${some.parameter}"' }));
      failed = true;
    }
    if (main === null || (sha256 === null && 'url' in declared)) continue;
    const external = 'external' in declared && declared.external === true;
    found.push({ name: input, kind, text: main, sha256, external, optional });
  }
  return { inputs: found, isWhole: !failed };
}

/**
 * An input in one cell; undefined when something is wrong and reported.
 * @param runs Whether the profile runs the stage; one that it leaves out may lack a parameter
 */
export function outsideInput(input: OutsideInput, scope: Scope, runs: boolean, report: Report): InputPlan | undefined {
  const { kind, text, external } = input;
  const { at } = text;
  const filled = fill(input, text, scope, runs, report);
  if (filled === undefined) return undefined;
  if (filled === null) return { kind: 'absent', at };
  if (kind === 'url') return urlInput(filled, input, scope, runs, report);
  const checked = inputPath(filled, external, at, report);
  return checked && { kind, ...checked, at };
}

function urlInput(
  url: string,
  input: OutsideInput,
  scope: Scope,
  runs: boolean,
  report: Report,
): InputPlan | undefined {
  const { at } = input.text;
  const digest = input.sha256!;
  const sha256 = fill({ ...input, optional: false }, digest, scope, runs, report);
  if (sha256 === undefined || sha256 === null) return undefined;
  // Put together of parameters that are none each by itself.
  if (checkSecret(url, at, report)) return undefined;
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    return report(diagnose('bad-value', `The address "${url}" is not a URL of http or https`, at)) as undefined;
  }
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    const message = `The digest "${sha256}" is not 64 hexadecimal digits in lower case`;
    return report(diagnose('bad-value', message, digest.at)) as undefined;
  }
  return { kind: 'url', url, sha256, at };
}

/** A text with its values, null for an input that is absent because one of them is; undefined when wrong and reported. */
function fill(
  { name, optional }: OutsideInput,
  { template, at }: Text,
  scope: Scope,
  runs: boolean,
  report: Report,
): string | null | undefined {
  const inserted = fillPath(template, scope, at, report);
  if (inserted === undefined) return undefined;
  if (!('nullParameter' in inserted)) return inserted.text;
  if (optional || !runs) return null;
  const message = `Input "${name}" needs parameter "${inserted.nullParameter}", which is null`;
  const hint = `give it with --set ${inserted.nullParameter}=…, or mark the input "optional: true"`;
  return report(diagnose('bad-value', message, at, { hint })) as undefined;
}
