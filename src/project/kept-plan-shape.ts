// What a kept plan must look like before it is one.
import { diagnosticCodes } from '../pipeline/diagnostic.ts';
import type { AxisValue, AxisValues, GateLimit, GatePlan, Json, RunPlan } from '../pipeline/plan.ts';
import {
  isListOf,
  isNullOr,
  isNumber,
  isObjectWith,
  isOneOf,
  isTableOf,
  isText,
  isTuple,
  optional,
  type Shape,
} from '../store/shape.ts';
import type { At, KeptCell, KeptDiagnostic, KeptInput, KeptList, KeptPlan, KeptStage, Placed } from './kept-plan.ts';

type Of<Kind extends KeptInput[0]> = Extract<KeptInput, readonly [Kind, ...unknown[]]>;
type Limit<Kind extends GateLimit['kind']> = Extract<GateLimit, { kind: Kind }>;

const isAt = isTuple<At>(isNumber, isNumber, isNumber);
const isTexts = isListOf(isText);
const isNumbers = isListOf(isNumber);
const isTrueOrFalse = isOneOf(true, false);
/** Read from JSON, it is some. */
const isJson: Shape<Json> = (_value): _value is Json => true;
const isAxisValue: Shape<AxisValue> = (value): value is AxisValue =>
  isText(value) || isNumber(value) || isTrueOrFalse(value);
const isAxes: Shape<AxisValues> = isTableOf(isAxisValue);

const isModule = isObjectWith<Extract<RunPlan, { kind: 'module' }>>({ kind: isOneOf('module'), path: isText });
const isCommand = isObjectWith<Extract<RunPlan, { kind: 'command' }>>({
  kind: isOneOf('command'),
  words: isTexts,
  inserts: isTrueOrFalse,
  code: isTexts,
  packages: isNullOr(isTexts),
});
const isRun: Shape<RunPlan> = (value): value is RunPlan => isCommand(value) || isModule(value);

const isStage = isObjectWith<KeptStage>({
  stage: isText,
  identity: isText,
  run: isRun,
  params: isTableOf(isJson),
  outputs: isTableOf(isText),
  numbers: isNullOr(isText),
  env: isTexts,
  pass: isTexts,
  cpus: isNumber,
  memoryBytes: isNumber,
  gpus: isNumber,
  retries: isNumber,
  timeoutSeconds: isNullOr(isNumber),
  at: isAt,
});

const isOutput = isTuple<Of<'output'>>(isOneOf('output'), isNumber, isText, isAt);
const isGathered = isTuple<Of<'gathered'>>(isOneOf('gathered'), isNumber, isAt);
const isPath = isTuple<Of<'file' | 'directory'>>(isOneOf('file', 'directory'), isText, isTrueOrFalse, isAt);
const isUrl = isTuple<Of<'url'>>(isOneOf('url'), isText, isText, isAt);
const isAbsent = isTuple<Of<'absent'>>(isOneOf('absent'), isAt);
const isInput: Shape<KeptInput> = (value): value is KeptInput =>
  isOutput(value) || isPath(value) || isGathered(value) || isUrl(value) || isAbsent(value);

const isCell = isTuple<KeptCell>(
  isNumber,
  isAxes,
  isNullOr(isRun),
  isNullOr(isTableOf(isJson)),
  isTableOf(isInput),
  isNumbers,
);

const isBound = isObjectWith<Limit<'bound'>>({
  kind: isOneOf('bound'),
  min: isNullOr(isNumber),
  max: isNullOr(isNumber),
});
const isBand = isObjectWith<Limit<'band'>>({
  kind: isOneOf('band'),
  reference: isText,
  tolerance: isObjectWith<Limit<'band'>['tolerance']>({
    absolute: optional(isNumber),
    relative: optional(isNumber),
    standardErrors: optional(isNumber),
  }),
});
const planned = { number: isText, cells: isTexts, numberName: isText };
const isPlannedNumber = isObjectWith<Pick<GatePlan, 'number' | 'cells' | 'numberName'>>(planned);
const isTest = isObjectWith<Limit<'test'>>({
  kind: isOneOf('test'),
  against: (value): value is Limit<'test'>['against'] => isNumber(value) || isPlannedNumber(value),
  margin: isNumber,
  level: isNumber,
  better: isOneOf('lower', 'higher', null),
});
const isGate = isObjectWith<Placed<GatePlan>>({
  name: isText,
  ...planned,
  limit: (value): value is GateLimit => isBound(value) || isBand(value) || isTest(value),
  at: isAt,
});

const isDiagnostic = isObjectWith<KeptDiagnostic>({
  code: isOneOf(...diagnosticCodes),
  severity: isOneOf('warning'),
  message: isText,
  hint: optional(isText),
  at: isAt,
  related: isListOf(isTuple<KeptDiagnostic['related'][number]>(isText, isAt)),
});

export const isKeptPlan = isObjectWith<KeptPlan>({
  name: isText,
  seed: isNumber,
  profile: isNullOr(isText),
  params: isTableOf(isJson),
  leftOut: isTableOf(isTexts),
  stages: isListOf(isStage),
  lists: isListOf(isTuple<KeptList>(isNumbers, isText, isNullOr(isListOf(isAxes)))),
  cells: isListOf(isCell),
  gates: isListOf(isGate),
  warnings: isListOf(isDiagnostic),
});
