// Whether signed provenance is by the key given, and says what the manifest says.
import type { KeyObject } from 'node:crypto';
import type { Manifest } from '../../schema/types.ts';
import { canonicalJson } from '../../store/canonical-json.ts';
import { parseStrictJson, RefusedJson } from '../../store/strict-json.ts';
import { type Envelope, inTotoType, openEnvelope } from './dsse.ts';
import { provenanceStatements } from './in-toto.ts';
import type { Problem } from '../verification/verify.ts';

/**
 * @param digest Of the bytes of the manifest's file
 * @param text One envelope on each line, as `repro export in-toto --key` writes them
 */
export function verifyAttestations(manifest: Manifest, digest: string, text: string, key: KeyObject): Problem[] {
  const problems: Problem[] = [];
  const report = (stage: string, message: string) => problems.push({ kind: 'inconsistent', stage, message });
  const attested = new Set<string>();
  const lines = text.split('\n').map((line) => line.trim());
  lines.forEach((line, index) => {
    if (line === '') return;
    const where = `line ${index + 1} of the attestations`;
    const envelope = readEnvelope(line);
    if (typeof envelope === 'string') return void report('*', `${where} is not a signed in-toto envelope: ${envelope}`);
    const payload = openEnvelope(envelope, key);
    if (payload === null) report('*', `${where} is not signed by this key, or was altered`);
    else attested.add(payload);
  });
  for (const { stage, statement } of provenanceStatements(manifest, digest)) {
    if (attested.delete(canonicalJson(statement))) continue;
    if (stage === null) report('*', `No signed statement is of this manifest, which has the digest ${digest}`);
    else report(stage, 'No signed statement says what the manifest says of it');
  }
  if (attested.size > 0) report('*', `${attested.size} signed statements are of nothing in this manifest`);
  return problems;
}

/** The envelope of a line, or why it is none. */
function readEnvelope(line: string): Envelope | string {
  try {
    const { payload, payloadType, signatures } = (parseStrictJson(line) ?? {}) as Partial<Envelope>;
    if (typeof payload !== 'string' || !Array.isArray(signatures)) return 'it has no payload with signatures';
    if (payloadType !== inTotoType) return `its payload is not of the type ${inTotoType}`;
    const isSigned = signatures.every((each: Partial<Envelope['signatures'][number]> | null) => {
      return typeof each?.sig === 'string';
    });
    return isSigned ? { payload, payloadType, signatures } : 'a signature is none';
  } catch (error) {
    if (error instanceof RefusedJson) return error.message;
    throw error;
  }
}
