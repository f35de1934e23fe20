// Whether signed provenance is by the key given, and says what the manifest says.
import type { KeyObject } from 'node:crypto';
import type { Manifest } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { type Envelope, inTotoType, openEnvelope } from './dsse.ts';
import { provenanceStatements } from './export-in-toto.ts';
import type { Problem } from './verify.ts';

/** @param lines One envelope each, as `repro export in-toto --key` writes them. */
export function verifyAttestations(manifest: Manifest, lines: readonly string[], key: KeyObject): Problem[] {
  const problems: Problem[] = [];
  const report = (stage: string, message: string) => problems.push({ kind: 'inconsistent', stage, message });
  const attested = new Set<string>();
  lines.forEach((line, index) => {
    const where = `line ${index + 1} of the attestations`;
    const envelope = readEnvelope(line);
    if (envelope === null) return void report('*', `${where} is not a signed in-toto envelope`);
    const payload = openEnvelope(envelope, key);
    if (payload === null) report('*', `${where} is not signed by this key, or was altered`);
    else attested.add(payload);
  });
  for (const { stage, statement } of provenanceStatements(manifest)) {
    if (!attested.delete(canonicalJson(statement)))
      report(stage, 'No signed statement says what the manifest says of it');
  }
  if (attested.size > 0) report('*', `${attested.size} signed statements are of no stage of this manifest`);
  return problems;
}

function readEnvelope(line: string): Envelope | null {
  try {
    const { payload, payloadType, signatures } = JSON.parse(line) as Partial<Envelope>;
    const shaped = typeof payload === 'string' && payloadType === inTotoType && Array.isArray(signatures);
    return shaped && signatures.every((each) => typeof each?.sig === 'string')
      ? { payload, payloadType, signatures }
      : null;
  } catch {
    return null;
  }
}
