// Signed statements: DSSE envelopes (github.com/secure-systems-lab/dsse) with ed25519 keys in PEM, as OpenSSL writes them.
import { isUtf8 } from 'node:buffer';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { exitCode, ReproError } from '../../error.ts';

export interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

export const inTotoType = 'application/vnd.in-toto+json';

/** Pre-authentication encoding: what is signed, so that no other type or length gives the same bytes. */
export function preAuthentication(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

export function signEnvelope(payload: string, payloadType: string, key: KeyObject): Envelope {
  const bytes = Buffer.from(payload);
  const sig = sign(null, preAuthentication(payloadType, bytes), key).toString('base64');
  return { payload: bytes.toString('base64'), payloadType, signatures: [{ keyid: keyId(createPublicKey(key)), sig }] };
}

/** The payload when one of the signatures is the key's and it is text; null otherwise. */
export function openEnvelope(envelope: Envelope, key: KeyObject): string | null {
  const bytes = Buffer.from(envelope.payload, 'base64');
  const signed = preAuthentication(envelope.payloadType, bytes);
  const good = envelope.signatures.some(({ sig }) => verify(null, signed, key, Buffer.from(sig, 'base64')));
  return good && isUtf8(bytes) ? bytes.toString('utf8') : null;
}

/** SHA-256 of the public key's SPKI bytes. */
function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** @throws {ReproError} `bad-key` (usage) for anything but an ed25519 key of that kind. */
export function readKey(pem: string, kind: 'private' | 'public', path: string): KeyObject {
  try {
    const key = kind === 'private' ? createPrivateKey(pem) : createPublicKey(pem);
    // A public key can be had of a private one, but whoever lists that has published it.
    const isPublished = kind === 'public' && pem.includes('PRIVATE KEY-----');
    if (key.asymmetricKeyType === 'ed25519' && !isPublished) return key;
  } catch {
    // Said below.
  }
  if (kind === 'private' && pem.includes('ENCRYPTED PRIVATE KEY-----')) {
    throw new ReproError('bad-key', `"${path}" has a passphrase, which nobody is asked for here`, {
      exit: exitCode.usage,
      hint: 'sign with a key without one: openssl pkey -in KEY -out key.pem',
    });
  }
  throw new ReproError('bad-key', `"${path}" is not a ${kind} ed25519 key in PEM`, {
    exit: exitCode.usage,
    hint:
      kind === 'private'
        ? 'make one: openssl genpkey -algorithm ed25519 -out key.pem'
        : 'make one of a private key: openssl pkey -in key.pem -pubout -out key.pub.pem',
  });
}
