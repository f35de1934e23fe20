// Where things lie in a remote. Objects are everybody's; results belong to a platform, since another one's may differ.
import { type Digest, hexOf } from '../store/digest.ts';

export const objectKey = (digest: Digest): string =>
  `v1/objects/${hexOf(digest).slice(0, 2)}/${hexOf(digest).slice(2)}`;

export const recordKey = (platform: string, fingerprint: Digest): string =>
  `v1/records/${platform}/${hexOf(fingerprint).slice(0, 2)}/${hexOf(fingerprint).slice(2)}.json`;

export const manifestKey = (runId: string): string => `v1/manifests/${runId.toLowerCase()}.json`;

export const tagKey = (name: string): string => `v1/tags/${name}.json`;

/** `linux-x64-glibc`: what numbers of the same code, data and packages may differ by. */
export function thisPlatform(): string {
  if (process.platform !== 'linux') return `${process.platform}-${process.arch}`;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return `linux-${process.arch}-${header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'}`;
}
