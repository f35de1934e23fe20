// Credentials for servers, from where programs of this kind look for them; none of our files has any.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The value of the header `authorization` for a host: a token in REPRO_REMOTE_TOKEN, else what `~/.netrc` says of it. */
export function authorizationFor(host: string): string | null {
  const token = process.env['REPRO_REMOTE_TOKEN'];
  if (token) return `Bearer ${token}`;
  const login = loginOf(readNetrc(), host);
  return login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
}

function readNetrc(): string {
  try {
    return readFileSync(process.env['NETRC'] ?? path.join(homedir(), '.netrc'), 'utf8');
  } catch {
    return '';
  }
}

/** Words in pairs, macros left aside (`ftp`'s manual page, section on .netrc). */
export function loginOf(netrc: string, host: string): { readonly user: string; readonly password: string } | null {
  const words = netrc
    .replace(/^\s*#.*$/gm, '')
    .replace(/^macdef[\s\S]*?(\n\n|$(?![\s\S]))/gm, '')
    .split(/\s+/)
    .filter(Boolean);
  let current: { user: string; password: string } | null = null;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === 'machine' || word === 'default') {
      if (current) return current;
      const isIt = word === 'default' || words[++i] === host;
      current = isIt ? { user: '', password: '' } : null;
    } else if (word === 'login' || word === 'password' || word === 'account') {
      const value = words[++i] ?? '';
      if (current && word === 'login') current.user = value;
      if (current && word === 'password') current.password = value;
    }
  }
  return current;
}
