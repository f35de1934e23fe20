// What others may believe of a remote: records, manifests and tags in DSSE envelopes, signed by keys that a project lists.
import type { KeyObject } from 'node:crypto';
import { type Envelope, openEnvelope, preAuthentication, signEnvelope } from '../manifest/exports/dsse.ts';
import { type Digest, digestBytes } from '../store/digest.ts';
import { isListOf, isObjectWith, isText, optional } from '../store/shape.ts';
import { parseStrictJson, RefusedJson } from '../store/strict-json.ts';
import { RemoteFault } from './remote.ts';

/** Whose word counts: that of these keys, or anybody's who may write into the remote. */
export type Trust = 'anyone' | readonly KeyObject[];

const types = {
  record: 'application/vnd.repro.record+json',
  manifest: 'application/vnd.repro.manifest+json',
  tag: 'application/vnd.repro.tag+json',
} as const;
export type Kind = keyof typeof types;

/** The digest is of what is signed. It tells what a disk has damaged, also where nobody signs; older ones have none. */
interface RemoteEnvelope extends Envelope {
  readonly digest?: string;
}

const isEnvelope = isObjectWith<RemoteEnvelope>({
  digest: optional(isText),
  payload: isText,
  payloadType: isText,
  signatures: isListOf(isObjectWith<Envelope['signatures'][number]>({ keyid: isText, sig: isText })),
});

/**
 * @param platform Of whoever pushed it. It is signed with the rest, so that a result cannot be moved to another platform's
 * @param key Null where nobody is to vouch for it
 */
export function seal(kind: Kind, payload: string, platform: string, key: KeyObject | null): Buffer {
  const payloadType = `${types[kind]}; platform=${platform}`;
  const unsigned = { payload: Buffer.from(payload).toString('base64'), payloadType, signatures: [] };
  const envelope = key === null ? unsigned : signEnvelope(payload, payloadType, key);
  return Buffer.from(JSON.stringify({ ...envelope, digest: digestOf(envelope) } satisfies RemoteEnvelope));
}

function digestOf({ payload, payloadType }: Envelope): Digest {
  return digestBytes(preAuthentication(payloadType, Buffer.from(payload, 'base64')));
}

export interface Opened {
  readonly text: string;
  readonly platform: string;
}

/** @throws {RemoteFault} `damaged` where it is no such envelope, or nobody who is trusted vouches for it */
export function open(kind: Kind, bytes: Uint8Array, trust: Trust, where: string): Opened {
  const envelope = parse(bytes);
  const [type, platform] = isEnvelope(envelope) ? envelope.payloadType.split('; platform=') : [];
  if (!isEnvelope(envelope) || type !== types[kind] || platform === undefined) {
    throw new RemoteFault('damaged', `${where} is not a ${kind} in an envelope`);
  }
  if (envelope.digest !== undefined && envelope.digest !== digestOf(envelope)) {
    throw new RemoteFault('damaged', `${where} is not what was put there: its digest is another`);
  }
  if (trust === 'anyone') return { text: Buffer.from(envelope.payload, 'base64').toString('utf8'), platform };
  for (const key of trust) {
    const text = openEnvelope(envelope, key);
    if (text !== null) return { text, platform };
  }
  const why = envelope.signatures.length === 0 ? 'is not signed' : 'is signed by no key that is trusted';
  throw new RemoteFault('damaged', `${where} ${why}`);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof RefusedJson) return undefined;
    throw error;
  }
}
