// What `.repro/index.json` holds, and what it must look like to be shown: its seal says that it is whole, not who wrote it.
import { type Diagnostic, diagnosticCodes } from '../pipeline/diagnostic.ts';
import type { Plan } from '../pipeline/plan.ts';
import type { Span } from '../pipeline/source.ts';
import type {
  Audit,
  GateTest,
  Manifest,
  ManifestGate,
  ManifestNumber,
  ManifestStage,
  ReportedNumber,
  Tolerance,
} from '../schema/types.ts';
import type { Digest } from '../store/digest.ts';
import {
  isAnything,
  isListOf,
  isNullOr,
  isNumber,
  isObjectWith,
  isOneOf,
  isSha256,
  isTableOf,
  isText,
  isTuple,
  optional,
} from '../store/shape.ts';
import type { FileStates, Snapshot } from '../store/file-states.ts';

/** What a complete run came to, as far as it is shown again. */
export interface Answer {
  readonly runId: string;
  /** Its name. */
  readonly pipeline: string;
  readonly profile: string | null;
  readonly overrides: Plan['overrides'];
  /** Of each cell: its id, and the run that computed it, when it ended and how many seconds it took. */
  readonly stages: readonly (readonly [id: string, run: string, finishedAt: string, seconds: number])[];
  readonly numbers: ManifestNumber[];
  readonly gates: ManifestGate[];
  /** Stages that were executed repeatedly, with how their results came out. */
  readonly audited: ManifestStage[];
  readonly verdict: 'ok' | 'gate';
  /** The run that was the latest then. */
  readonly latest: string;
  /** About code and data. */
  readonly warnings: readonly { readonly stage: string; readonly message: string }[];
  /** About the pipeline file, or one that it includes, which is then named relative to it. */
  readonly diagnostics: readonly (Omit<Diagnostic, 'at'> & { readonly file: string | null; readonly span: Span })[];
}

export interface RunIndex {
  readonly format: string;
  readonly question: Digest;
  /** Keyed digests of the environment variables that stages see; null for one that is not set. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly git: Manifest['git'];
  readonly snapshot: Snapshot;
  readonly answer: Answer;
}

const isReportedNumber = isObjectWith<ReportedNumber>({
  value: isNumber,
  unit: isText,
  kind: isOneOf('exact', 'estimate', 'upper-bound', 'timing'),
  n: optional(isNumber),
  standardError: optional(isNumber),
  better: optional(isOneOf('lower', 'higher', 'none')),
  note: optional(isText),
});
const isManifestNumber = isObjectWith<ManifestNumber>({
  address: isText,
  stage: isText,
  name: isText,
  number: isReportedNumber,
  closure: isText,
});

const isTolerance = isObjectWith<Tolerance>({
  absolute: optional(isNumber),
  relative: optional(isNumber),
  standardErrors: optional(isNumber),
});
const isGateTest = isObjectWith<GateTest>({
  against: (value): value is number | string => isNumber(value) || isText(value),
  margin: isNumber,
  level: isNumber,
  better: optional(isOneOf('lower', 'higher')),
});
const isMeasured = isObjectWith<ManifestGate['measured'][number]>({
  address: isText,
  value: isNumber,
  reference: optional(isNumber),
  tolerance: optional(isNumber),
});
const isGate = isObjectWith<ManifestGate>({
  name: isText,
  number: isText,
  min: optional(isNumber),
  max: optional(isNumber),
  verdict: isOneOf('PASS', 'FAIL', 'INCONCLUSIVE', 'UNMEASURED'),
  measured: isListOf(isMeasured),
  reference: optional(isObjectWith<ManifestGate['reference'] & object>({ path: isText, tolerance: isTolerance })),
  test: optional(isGateTest),
  reason: optional(isText),
  warning: optional(isText),
});

const isAudit = isObjectWith<Audit>({
  executions: isNumber,
  failures: isNumber,
  outputs: isTableOf(isOneOf('bitwise', 'unstable')),
  numbers: isTableOf(
    isObjectWith<Audit['numbers'][string]>({
      class: isOneOf('bitwise', 'within-error', 'unstable'),
      min: isNumber,
      max: isNumber,
    }),
  ),
});

/** Its record is not shown. */
const isStage = isObjectWith<ManifestStage>({
  id: isText,
  stage: isText,
  cell: isTableOf(isAnything) as (value: unknown) => value is ManifestStage['cell'],
  status: isOneOf('computed', 'restored'),
  dependsOn: isListOf(isText),
  audit: optional(isAudit),
});

const isAnswer = isObjectWith<Answer>({
  runId: isText,
  pipeline: isText,
  profile: isNullOr(isText),
  overrides: isTableOf(isAnything) as (value: unknown) => value is Plan['overrides'],
  stages: isListOf(isTuple<readonly [string, string, string, number]>(isText, isText, isText, isNumber)),
  numbers: isListOf(isManifestNumber),
  gates: isListOf(isGate),
  audited: isListOf(isStage),
  verdict: isOneOf('ok', 'gate'),
  latest: isText,
  warnings: isListOf(isObjectWith<Answer['warnings'][number]>({ stage: isText, message: isText })),
  diagnostics: isListOf(
    isObjectWith<Answer['diagnostics'][number]>({
      code: isOneOf(...diagnosticCodes),
      severity: isOneOf('error', 'warning'),
      message: isText,
      related: isTuple<readonly []>(),
      hint: optional(isText),
      file: isNullOr(isText),
      span: isObjectWith<Span>({ start: isNumber, end: isNumber }),
    }),
  ),
});

const isFileStates = isListOf(isTuple<FileStates[number]>(isText, isNullOr(isText)));

export const isRunIndex = isObjectWith<RunIndex>({
  format: isText,
  question: isSha256,
  env: isTableOf(isNullOr(isText)),
  // Only ever compared.
  git: isAnything as (value: unknown) => value is Manifest['git'],
  snapshot: isObjectWith<Snapshot>({ files: isFileStates, own: isFileStates }),
  answer: isAnswer,
});
