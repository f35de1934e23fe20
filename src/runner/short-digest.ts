// Digests for the eye.

/** Enough of a digest to tell two apart; other texts as they are. */
export function shortDigest(text: string | undefined): string {
  if (text === undefined) return 'none';
  return text.startsWith('sha256:') ? `${text.slice(0, 15)}…` : text;
}
