import { createHash } from 'node:crypto';

/** A script or a style sheet as a Content-Security-Policy names it. */
export function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
