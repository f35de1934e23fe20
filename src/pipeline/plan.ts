// The plan: a pipeline file resolved for one profile into cells and edges. What the runner executes and cannot be invalid.
import type { Location } from './diagnostic.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type AxisValue = string | number | boolean;
/** One combination of a stage's axes, in the order they are declared. */
export type AxisValues = Readonly<Record<string, AxisValue>>;
/** `stage` or `stage[axis=value,…]`: unique in a plan, and the first part of a number's address. */
export type CellId = string;

export interface Plan {
  readonly name: string;
  /** Path of the pipeline file as given. */
  readonly file: string;
  readonly seed: number;
  /** The one chosen, `default` when none was and the file has it, else null. */
  readonly profile: string | null;
  readonly overrides: Readonly<Record<string, Json>>;
  readonly params: Readonly<Record<string, Json>>;
  /** In topological order; ties in the order of the file. */
  readonly cells: readonly CellPlan[];
  /** The stages that the profile does not run, each with the profiles that do. */
  readonly leftOut: Readonly<Record<string, readonly string[]>>;
  readonly gates: readonly GatePlan[];
}

export interface CellPlan {
  readonly id: CellId;
  readonly stage: string;
  /** The name under which its results are known, in its fingerprint and its seed: what it is called, or was before. */
  readonly identity: string;
  readonly axes: AxisValues;
  readonly run: RunPlan;
  /** Only what the stage declares, nested as in the file. */
  readonly params: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, InputPlan>>;
  /** Relative, normalized paths by name; a directory ends in `/`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly numbers: string | null;
  readonly env: readonly string[];
  /** Variables that it sees and that are part of nothing: neither of its fingerprint nor of any file. */
  readonly pass: readonly string[];
  /** Cores it occupies, and its number of threads. */
  readonly cpus: number;
  /** What it occupies beside them; 0 where it declares none. None of the three is part of its fingerprint. */
  readonly memoryBytes: number;
  readonly gpus: number;
  /** Executions at most beyond the first, when it ends with an exit code or is killed. */
  readonly retries: number;
  readonly timeoutSeconds: number | null;
  /** Lines of shell that its executor runs before it, and part of its fingerprint: none but where the executor has some. */
  readonly setup: readonly string[];
  /** Ids of the cells whose outputs it reads, each once, in topological order. */
  readonly dependsOn: readonly CellId[];
  /** Where it is declared, for errors found at run time. */
  readonly at: Location;
}

export type RunPlan =
  | { readonly kind: 'module'; readonly path: string }
  | {
      readonly kind: 'command';
      /** Literal texts; where `inserts`, with `${params.rate}` for what is assigned, and `$${` for a literal `${`. */
      readonly words: readonly string[];
      readonly inserts: boolean;
      readonly code: readonly string[];
      /** Of Python, those that count, with what they require; null for all that are installed. */
      readonly packages: readonly string[] | null;
    };

export type InputPlan =
  | { readonly kind: 'output'; readonly cell: CellId; readonly output: string; readonly at: Location }
  | {
      readonly kind: 'gathered';
      readonly from: readonly { readonly cell: CellId; readonly output: string }[];
      /** The cells of the files, where the stage is told them; null where it is not. */
      readonly labels: readonly AxisValues[] | null;
      readonly at: Location;
    }
  | {
      readonly kind: 'file' | 'directory';
      readonly path: string;
      /** Declared to lie outside the project. */
      readonly external: boolean;
      readonly at: Location;
    }
  | { readonly kind: 'url'; readonly url: string; readonly sha256: string; readonly at: Location }
  | { readonly kind: 'absent'; readonly at: Location };

export interface GatePlan {
  readonly name: string;
  /** Address as written, `stage[axis=value].name`; axes left out mean every cell. */
  readonly number: string;
  /** The cells it speaks of, at least one. */
  readonly cells: readonly CellId[];
  /** The number's name within its stage. */
  readonly numberName: string;
  readonly limit: GateLimit;
  readonly at: Location;
}

export type GateLimit =
  | { readonly kind: 'bound'; readonly min: number | null; readonly max: number | null }
  | {
      readonly kind: 'band';
      /** Path of a manifest, relative to the project. */
      readonly reference: string;
      readonly tolerance: {
        readonly absolute?: number;
        readonly relative?: number;
        readonly standardErrors?: number;
      };
    }
  | {
      readonly kind: 'test';
      /** A constant, or another number over its replicates. */
      readonly against: number | Pick<GatePlan, 'number' | 'cells' | 'numberName'>;
      readonly margin: number;
      readonly level: number;
      /** Null: as the number itself says. */
      readonly better: 'lower' | 'higher' | null;
    };
