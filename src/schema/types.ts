// Generated from schemas/ by `npm run generate`. Do not edit.

/**
 * @minItems 1
 */
export type TemplateWords = [string | [string, ...string[]], ...(string | [string, ...string[]])[]];
export type CodePatterns = string[];
export type PackageNames = string[];
export type ParameterPaths = string[];
export type VariableNames = string[];
/**
 * @minItems 2
 * @maxItems 3
 */
export type PlotPoint = [number, number] | [number, number, number];

export interface Schemas {
  config: Config;
  included: IncludedFile;
  manifest: Manifest;
  numbers: ReportedNumbers;
  pipeline: PipelineDocument;
  plot: PlotFile;
  record: StageRecord;
  stage: StageAssignment;
}
export interface Config {
  remotes?: {
    [k: string]: RemoteDeclaration;
  };
  key?: string;
  executors?: {
    [k: string]: SlurmDeclaration | TemplateDeclaration;
  };
  use?: {
    [k: string]: string;
  };
}
export interface RemoteDeclaration {
  url: string;
  endpoint?: string;
  region?: string;
  trust?: 'anyone' | [string, ...string[]];
  platforms?: string[];
}
export interface SlurmDeclaration {
  kind: 'slurm';
  partition?: string;
  account?: string;
  qos?: string;
  setup?: string[];
  group?: GroupDeclaration;
  queued?: number;
  options?: string[];
}
export interface GroupDeclaration {
  under: string;
  size: number;
}
export interface TemplateDeclaration {
  kind: 'template';
  submit: TemplateWords;
  status: TemplateWords;
  cancel: TemplateWords;
  id?: string;
  states?: {
    queued?: string[];
    running?: string[];
    ended?: string[];
    failed?: string[];
  };
  setup?: string[];
  group?: GroupDeclaration;
  queued?: number;
}
export interface IncludedFile {
  defaults?: StageDefaults;
  params?: Params;
  profiles?: Profiles;
  stages?: Stages;
  gates?: Gates;
}
export interface StageDefaults {
  code?: CodePatterns;
  packages?: PackageNames;
  params?: ParameterPaths;
  numbers?: string;
  env?: VariableNames | Variables;
  resources?: Resources;
}
export interface Variables {
  fingerprint?: VariableNames;
  pass?: VariableNames;
}
export interface Resources {
  cpus?: number;
  memory?: string;
  gpus?: number;
  retries?: number;
  time?: string;
}
export interface Params {
  [k: string]: unknown;
}
export interface Profiles {
  [k: string]: Profile;
}
export interface Profile {
  params?: Params;
  matrix?: {
    [k: string]: Matrix;
  };
  /**
   * @minItems 1
   */
  stages?: [string, ...string[]];
}
export interface Matrix {
  replicate?: number;
  /**
   * @minItems 1
   */
  exclude?: [
    {
      [k: string]: string | number | boolean;
    },
    ...{
      [k: string]: string | number | boolean;
    }[]
  ];
  /**
   * @minItems 1
   */
  [k: string]:
    | [string | number | boolean, ...(string | number | boolean)[]]
    | number
    | [
        {
          [k: string]: string | number | boolean;
        },
        ...{
          [k: string]: string | number | boolean;
        }[]
      ]
    | undefined;
}
export interface Stages {
  [k: string]: StageDeclaration;
}
export interface StageDeclaration {
  run: string | [string, ...string[]];
  was?: string;
  code?: CodePatterns;
  packages?: PackageNames;
  params?: ParameterPaths;
  inputs?: {
    [k: string]: string | FileInput | DirectoryInput | UrlInput | CellsInput;
  };
  outputs?: {
    [k: string]: string;
  };
  numbers?: string;
  env?: VariableNames | Variables;
  matrix?: Matrix;
  resources?: Resources;
}
export interface FileInput {
  file: string;
  external?: boolean;
  optional?: boolean;
}
export interface DirectoryInput {
  dir: string;
  external?: boolean;
  optional?: boolean;
}
export interface UrlInput {
  url: string;
  sha256: string;
  optional?: boolean;
}
export interface CellsInput {
  cells: string;
}
export interface Gates {
  [k: string]: GateDeclaration;
}
export interface GateDeclaration {
  number: string;
  min?: number;
  max?: number;
  reference?: string;
  tolerance?: Tolerance;
  against?: number | string;
  margin?: number;
  level?: number;
  better?: 'lower' | 'higher';
}
export interface Tolerance {
  absolute?: number;
  relative?: number;
  standardErrors?: number;
}
export interface Manifest {
  format: 'repro.manifest/1' | 'repro.manifest/2';
  run: {
    id: string;
    startedAt: string;
    finishedAt: string;
    outcome: 'complete' | 'failed' | 'interrupted';
    selected?: string[];
    purpose?: 'audit' | 'sweep';
  };
  pipeline: {
    name: string;
    file: string;
    digest: string;
    included?: {
      file: string;
      digest: string;
    }[];
    profile: string | null;
    overrides: {
      [k: string]: unknown;
    };
    seed: number;
    params: {
      [k: string]: unknown;
    };
  };
  git: null | {
    commit: string;
    dirty: null | string;
  };
  environment: Environment;
  stages: ManifestStage[];
  numbers: ManifestNumber[];
  gates: ManifestGate[];
  gaps: Gap[];
}
export interface Environment {
  platform: string;
  arch: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  node: string;
  host?: string;
}
export interface ManifestStage {
  id: string;
  stage: string;
  was?: string;
  cell: {
    [k: string]: string | number | boolean;
  };
  status: 'computed' | 'restored' | 'failed' | 'blocked' | 'cancelled';
  dependsOn: string[];
  sources?: {
    [k: string]: string | OutputSource | OutputSource[] | null;
  };
  record?: StageRecord;
  published?: string;
  audit?: Audit;
  error?: {
    code: string;
    message: string;
  };
}
export interface OutputSource {
  cell: string;
  output: string;
}
export interface StageRecord {
  format: 'repro.record/1' | 'repro.record/2';
  fingerprint: string;
  preimage: Preimage;
  outputs: {
    [k: string]: Artifact;
  };
  numbers: {
    [k: string]: ReportedNumber;
  };
  log: string;
  curves?: string;
  run: string;
  startedAt: string;
  finishedAt: string;
  seconds: number;
  environment: Environment;
  attempts?: number;
  watched?: Watched;
  job?: Job;
  facts?: {
    [k: string]: string;
  };
}
export interface Preimage {
  format: 'repro.fingerprint/1' | 'repro.fingerprint/2';
  stage: string;
  cell: {
    [k: string]: string | number | boolean;
  };
  run: string[];
  inserts?: true;
  params: {
    [k: string]: unknown;
  };
  inputs: {
    [k: string]: InputFile | string | (InputFile | string)[] | null;
  };
  outputs: {
    [k: string]: string;
  };
  numbers: string | null;
  code: {
    [k: string]: string;
  };
  packages: {
    [k: string]: string;
  };
  runtime: {
    [k: string]: string;
  };
  env: {
    [k: string]: string | null;
  };
  seed: number;
  threads: number;
  setup?: string[];
}
export interface InputFile {
  path: string;
  digest: string;
  executable?: true;
  cell?: {
    [k: string]: string | number | boolean;
  };
}
export interface Artifact {
  path: string;
  digest: string;
  kind: 'file' | 'directory';
  sizeBytes: number;
  executable?: true;
}
export interface ReportedNumber {
  value: number;
  unit: string;
  kind: 'exact' | 'estimate' | 'upper-bound' | 'timing';
  n?: number;
  standardError?: number;
  better?: 'lower' | 'higher' | 'none';
  note?: string;
}
export interface Watched {
  by: ('permissions' | 'trace')[];
  undeclaredReads: string[];
  foreignWrites: string[];
}
export interface Job {
  executor: string;
  id: string;
  host: string;
  queuedSeconds: number;
}
export interface Audit {
  executions: number;
  failures: number;
  outputs: {
    [k: string]: 'bitwise' | 'unstable';
  };
  numbers: {
    [k: string]: {
      class: 'bitwise' | 'within-error' | 'unstable';
      min: number;
      max: number;
    };
  };
}
export interface ManifestNumber {
  address: string;
  stage: string;
  name: string;
  number: ReportedNumber;
  closure: string;
}
export interface ManifestGate {
  name: string;
  number: string;
  min?: number;
  max?: number;
  verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'UNMEASURED';
  measured: {
    address: string;
    value: number;
    reference?: number;
    tolerance?: number;
  }[];
  reference?: {
    path: string;
    digest?: string;
    run?: string;
    tolerance: Tolerance;
  };
  test?: GateTest;
  reason?: string;
  warning?: string;
}
export interface GateTest {
  against: number | string;
  margin: number;
  level: number;
  better?: 'lower' | 'higher';
  result?: {
    paired: boolean;
    difference: number;
    standardError: number;
    degreesOfFreedom: number;
    p: number;
    corrected: number;
    tests: number;
  };
}
export interface Gap {
  stage: string;
  message: string;
}
export interface ReportedNumbers {
  [k: string]: ReportedNumber;
}
export interface PipelineDocument {
  name: string;
  seed?: number;
  include?: string[];
  defaults?: StageDefaults;
  params?: Params;
  profiles?: Profiles;
  stages: Stages;
  gates?: Gates;
}
export interface PlotFile {
  title: string;
  kind?: 'lines' | 'scatter' | 'bars' | 'histogram' | 'heatmap';
  facets?: boolean;
  x: PlotAxis;
  y: PlotAxis;
  series: PlotSeries[];
  note?: string;
}
export interface PlotAxis {
  label: string;
  log?: boolean;
  reverse?: boolean;
  names?: string[];
}
export interface PlotSeries {
  name: string;
  points: PlotPoint[];
}
export interface StageAssignment {
  protocol: 1;
  stage: string;
  cell: Cell;
  seed: number;
  threads: number;
  params: {
    [k: string]: unknown;
  };
  inputs: {
    [k: string]: string | string[] | null;
  };
  labels?: {
    [k: string]: Cell[];
  };
  outputs: {
    [k: string]: string;
  };
  numbers?: string;
}
export interface Cell {
  [k: string]: string | number | boolean;
}
