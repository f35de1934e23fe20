// Hand-made manifests: a small experiment with a matrix, whose every part a test can change.
import { createHash } from 'node:crypto';
import type { Manifest, ManifestStage, ReportedNumber, StageRecord } from '../../src/schema/types.ts';

/** A digest of a readable name. */
export function digestOf(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

export const machine = {
  platform: 'linux',
  arch: 'x64',
  cpu: 'Example CPU 2.5 GHz',
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  node: '20.20.2',
};

export interface StageSketch {
  id: string;
  cell?: Record<string, string | number>;
  dependsOn?: string[];
  /** Input name to the names whose digests it has, and where it comes from. */
  inputs?: Record<string, { source: string; digest: string | null; path?: string }>;
  params?: Record<string, unknown>;
  outputs?: Record<string, { path: string; digest: string }>;
  numbers?: Record<string, ReportedNumber>;
  code?: Record<string, string>;
  /** The words of a command; a module without. */
  command?: readonly string[];
  packages?: Record<string, string>;
  seed?: number;
  threads?: number;
  setup?: string[];
  seconds?: number;
  restored?: boolean;
  cpu?: string;
  env?: Record<string, string | null>;
  /** Null: its outputs stay in the store. */
  published?: null;
  /** Content that makes the fingerprint; by default everything declared here. */
  fingerprint?: string;
}

/** A stage with a record; the fingerprint follows from what it is made of. */
export function sketchStage(sketch: StageSketch): ManifestStage {
  const inputs = sketch.inputs ?? {};
  const preimage: StageRecord['preimage'] = {
    format: 'repro.fingerprint/2',
    stage: sketch.id.split('[')[0]!,
    cell: sketch.cell ?? {},
    run: [...(sketch.command ?? [`stages/${sketch.id.split('[')[0]}.ts`])],
    params: sketch.params ?? {},
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { source, digest, path }]) => [
        name,
        digest === null ? null : { path: path ?? source, digest },
      ]),
    ),
    outputs: Object.fromEntries(Object.entries(sketch.outputs ?? {}).map(([name, output]) => [name, output.path])),
    numbers: sketch.numbers ? 'numbers.json' : null,
    code: sketch.code ?? { 'src/stage/index.ts': digestOf('kit') },
    packages: sketch.packages ?? { 'fast-png@8.0.0': 'sha512-fastpng' },
    runtime: sketch.command ? { [sketch.command[0]!]: digestOf('program') } : { node: '20.20.2' },
    env: sketch.env ?? {},
    seed: sketch.seed ?? 11,
    threads: sketch.threads ?? 1,
    ...(sketch.setup && { setup: sketch.setup }),
  };
  return {
    id: sketch.id,
    stage: preimage.stage,
    cell: preimage.cell,
    status: sketch.restored ? 'restored' : 'computed',
    dependsOn: sketch.dependsOn ?? [],
    sources: Object.fromEntries(
      Object.entries(inputs).map(([name, { source, digest }]) => {
        const cell = sketch.dependsOn?.find((id) => source.startsWith(`${id}.`));
        const made = cell !== undefined && { cell, output: source.slice(cell.length + 1) };
        return [name, digest === null ? null : made || source];
      }),
    ),
    ...(sketch.published !== null && { published: `artifacts/${preimage.stage}` }),
    record: {
      format: 'repro.record/2',
      fingerprint: sketch.fingerprint ?? digestOf(JSON.stringify(preimage)),
      preimage,
      outputs: Object.fromEntries(
        Object.entries(sketch.outputs ?? {}).map(([name, output]) => [
          name,
          { ...output, kind: 'file' as const, sizeBytes: 1024 },
        ]),
      ),
      numbers: sketch.numbers ?? {},
      log: digestOf(`${sketch.id} log`),
      run: sketch.restored ? '20261120T101500Z-0b17' : '20261123T221500Z-3f2a',
      startedAt: '2026-11-23T22:15:00.000Z',
      finishedAt: '2026-11-23T22:15:30.000Z',
      seconds: sketch.seconds ?? 30,
      environment: { ...machine, cpu: sketch.cpu ?? machine.cpu },
    },
  };
}

export function sketchManifest(stages: ManifestStage[], changes: Partial<Manifest> = {}): Manifest {
  return {
    format: 'repro.manifest/2',
    run: {
      id: '20261123T221500Z-3f2a',
      startedAt: '2026-11-23T22:15:00.000Z',
      finishedAt: '2026-11-23T22:20:12.000Z',
      outcome: 'complete',
    },
    pipeline: {
      name: 'sample-experiment',
      file: 'pipeline.yaml',
      digest: digestOf('pipeline'),
      profile: null,
      overrides: {},
      seed: 2024,
      params: {},
    },
    git: { commit: '33458c0f5a1d9c3b7e2f4a6b8c0d1e2f3a4b5c6d', dirty: null },
    environment: machine,
    stages,
    numbers: stages.flatMap((stage) =>
      Object.entries(stage.record?.numbers ?? {}).map(([name, number]) => ({
        address: `${stage.id}.${name}`,
        stage: stage.id,
        name,
        number,
        closure: digestOf(`${stage.id} closure`),
      })),
    ),
    gates: [],
    gaps: [],
    ...changes,
  };
}
