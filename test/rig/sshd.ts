// An OpenSSH server on loopback with keys of its own, which ends with the test: SFTP, and whoever runs the tests may log in.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from './ports.ts';
import { temporaryDirectory } from './temporary.ts';

export interface Sshd extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  /** Of a private key that is let in. */
  readonly key: string;
  /** Of one that is not. */
  readonly hostKey: string;
  readonly pid: number;
}

const needs = [
  ['openssh-server', '/usr/sbin/sshd'],
  ['openssh-client', '/usr/bin/ssh-keygen'],
] as const;

/** Debian's packages that are not here, of those that it needs. */
export function missingForSshd(): string[] {
  return needs.filter(([, file]) => !existsSync(file)).map(([name]) => name);
}

export async function startSshd(): Promise<Sshd> {
  const directory = temporaryDirectory();
  const at = (name: string): string => path.join(directory.path, name);
  for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  copyFileSync(at('user.pub'), at('authorized_keys'));
  const [port] = (await freePorts(1)) as [number];
  writeFileSync(
    at('sshd_config'),
    `ListenAddress 127.0.0.1:${port}
HostKey ${at('host')}
AuthorizedKeysFile ${at('authorized_keys')}
PidFile none
PasswordAuthentication no
UsePAM no
StrictModes no
PermitRootLogin yes
Subsystem sftp internal-sftp
`,
  );
  // Where root runs it, it wants a directory that its service would have made.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn('/usr/sbin/sshd', ['-D', '-f', at('sshd_config')], { stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode} before it listened`);
    await delay(20);
  }
  return {
    port,
    user: userInfo().username,
    key: at('user'),
    hostKey: at('host'),
    pid: child.pid!,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
      directory[Symbol.dispose]();
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
