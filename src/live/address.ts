// `.repro/serve.json`: where the last run was served, so that a page which is still open finds the next one. Whoever reads it
// can read the page, so that it is for its owner alone.
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';

export interface Address {
  readonly port: number;
  /** What a page must know, in its path. */
  readonly token: string;
}

const file = (root: string): string => path.join(root, '.repro', 'serve.json');

/** That of the last time; any free port with a new token where there is none. */
export function lastAddress(root: string): Address {
  try {
    const status = fs.lstatSync(file(root));
    // Others may have read or written it.
    const isOurs = status.isFile() && status.uid === process.getuid?.() && (status.mode & 0o077) === 0;
    const { port, token } = JSON.parse(isOurs ? fs.readFileSync(file(root), 'utf8') : 'null') as Partial<Address>;
    const isPort = Number.isInteger(port) && port! > 0 && port! < 65536;
    if (isPort && typeof token === 'string' && /^[\w-]{22}$/.test(token)) return { port: port!, token };
  } catch {
    // There is none.
  }
  return newAddress();
}

/** Port 0 is any free one. */
export const newAddress = (): Address => ({ port: 0, token: randomBytes(16).toString('base64url') });

/** Where it cannot be kept, the next run is served elsewhere. */
export function keepAddress(root: string, address: Address): void {
  const draft = `${file(root)}.new`;
  try {
    fs.rmSync(draft, { force: true });
    fs.writeFileSync(draft, JSON.stringify(address), { mode: 0o600, flag: 'wx' });
    fs.renameSync(draft, file(root));
  } catch {
    // A full disk, another's directory.
  }
}
