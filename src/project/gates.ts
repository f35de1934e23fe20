// The gates of a run, and whether they are able to fail.
import { gatesLeftOut } from '../manifest/gates/left-out.ts';
import { selfTestGates } from '../manifest/gates/self-test.ts';
import type { Json } from '../pipeline/plan.ts';
import type { Manifest, ManifestGate } from '../schema/types.ts';
import { loadManifest } from './named-manifest.ts';
import type { Place } from './places.ts';
import { loadPlan } from './plan.ts';
import { readReferences } from './references.ts';

export interface GateVerdicts {
  readonly manifest: Manifest;
  readonly gates: readonly ManifestGate[];
  /** Every gate says PASS. */
  readonly hasPassed: boolean;
  /** Names of gates that need stages the run left out. */
  readonly leftOut: readonly string[];
}

export interface GateTrials {
  readonly manifest: Manifest;
  readonly gates: ReturnType<typeof selfTestGates>;
}

/** @param asked Which runs are meant by `latest`, `previous` and a git revision; so below */
export async function gate(root: string, name: string, asked?: string): Promise<GateVerdicts> {
  const { manifest } = await loadManifest(root, name, asked);
  const { gates } = manifest;
  const ids = manifest.stages.map(({ id }) => id);
  const hasPassed = gates.every(({ verdict }) => verdict === 'PASS');
  return { manifest, gates, hasPassed, leftOut: gatesLeftOut(gates, ids) };
}

/** The gates as they are declared now, on the numbers of a run, altered beyond each limit: each must fail. */
export async function testGates(place: Place, name: string, asked?: string): Promise<GateTrials> {
  const { manifest } = await loadManifest(place.root, name, asked);
  const { profile, overrides } = manifest.pipeline;
  const set = overrides as Readonly<Record<string, Json>>;
  const { plan } = await loadPlan(place, { set, ...(profile !== null && { profile }) });
  const gates = selfTestGates(plan.gates, manifest.numbers, await readReferences(place.root, plan));
  return { manifest, gates };
}
