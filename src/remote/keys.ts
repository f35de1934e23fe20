// Where things lie in a remote. Objects are everybody's; results belong to a platform, since another one's may differ.
import type { Environment } from '../schema/types.ts';
import { type Digest, hexOf } from '../store/digest.ts';

export const folders = {
  objects: 'v1/objects/',
  records: 'v1/records/',
  manifests: 'v1/manifests/',
  tags: 'v1/tags/',
} as const;

const spread = (digest: Digest): string => `${hexOf(digest).slice(0, 2)}/${hexOf(digest).slice(2)}`;

export const objectKey = (digest: Digest): string => `${folders.objects}${spread(digest)}`;

export const recordKey = (platform: string, fingerprint: Digest): string =>
  `${folders.records}${platform}/${spread(fingerprint)}.json`;

export const manifestKey = (runId: string): string => `${folders.manifests}${runId.toLowerCase()}.json`;

export const tagKey = (name: string): string => `${folders.tags}${name}.json`;

/** `linux-x64-glibc`: what numbers of the same code, data and packages may differ by. */
export function thisPlatform(): string {
  if (process.platform !== 'linux') return `${process.platform}-${process.arch}`;
  // Otherwise it asks for the names of all connections' other ends.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return `linux-${process.arch}-${header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'}`;
}

/**
 * The platform of a result that somebody hands out, who may have had it from another: its record tells the system and the
 * processor, and not the C library, which is taken to be theirs.
 * @param theirs Platform of whoever hands it out
 */
export function platformOf({ platform, arch }: Environment, theirs: string): string {
  const [, , libc] = theirs.split('-');
  return platform === 'linux' ? `linux-${arch}-${libc ?? 'glibc'}` : `${platform}-${arch}`;
}
