// docs/remote.md, followed: the server and the share that it sets up take and give results.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startServer, missingFor } from '../rig/servers.ts';
import { Rig } from '../rig/rig.ts';
import { Clones, sharedFiles } from '../rig/shared-project.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const page = readFileSync(new URL('../../docs/remote.md', import.meta.url), 'utf8');
const openssl = (cwd: string, ...words: string[]): string =>
  execFileSync('openssl', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

const missing = missingFor('nginx');
test.skipIf(missing.length > 0)(
  `the server of the page gives to readers, takes from writers, and nothing from others${missing.map((each) => `, needs ${each}`).join('')}`,
  async () => {
    using place = temporaryDirectory({ 'part/.keep': '', 'store/.keep': '' });
    for (const folder of ['.', 'part', 'store']) chmodSync(path.join(place.path, folder), 0o777);
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    openssl(
      place.path,
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'tls.key',
      '-out',
      'tls.pem',
      ...subject,
    );
    const password = (name: string): string => `${name}:${openssl(place.path, 'passwd', '-apr1', `${name}-word`)}`;
    writeFileSync(path.join(place.path, 'readers'), password('reader') + password('writer'));
    writeFileSync(path.join(place.path, 'writers'), password('writer'));
    await using server = await startServer('nginx', '', (port) =>
      /```nginx\n([^]*?)```/
        .exec(page)![1]!
        .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
        .replaceAll('/etc/ssl/private/results.key', `${place.path}/tls.key`)
        .replaceAll('/etc/ssl/results.pem', `${place.path}/tls.pem`)
        .replaceAll('/etc/nginx/results.', `${place.path}/`)
        .replaceAll('/srv/results.part', `${place.path}/part`)
        .replaceAll('/srv/results', `${place.path}/store`),
    );
    const url = server.url.replace('http://127.0.0.1', 'https://localhost');
    const [signing, trusted] = ['ci.pem', 'ci.pub.pem'].map((name) => path.join(place.path, name)) as [string, string];
    openssl(place.path, 'genpkey', '-algorithm', 'ed25519', '-out', signing);
    openssl(place.path, 'pkey', '-in', signing, '-pubout', '-out', trusted);
    const project = {
      ...sharedFiles,
      'repro.config.yaml': `remotes: { team: { url: '${url}', trust: ['${trusted}'] } }\n`,
    };
    const as = (name: string): { environment: Record<string, string> } => {
      const netrc = path.join(place.path, `netrc-${name}`);
      writeFileSync(netrc, `machine localhost login ${name} password ${name}-word\n`);
      const certificates = { NODE_EXTRA_CA_CERTS: path.join(place.path, 'tls.pem') };
      return { environment: { NETRC: netrc, REPRO_SIGNING_KEY: signing, ...certificates } };
    };
    await using here = await Rig.create(project);
    await here.repro('run');
    for (const name of ['stranger', 'reader']) {
      const refused = await here.startWith(as(name), 'push').result;
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('remote-failed') });
      expect(refused.stderr).toContain('look at the credentials');
    }
    expect(await here.startWith(as('writer'), 'push').result).toMatchObject({ code: 0, stderr: '' });
    expect((await here.startWith(as('writer'), 'remote', 'check').result).code).toBe(0);
    await using there = await Rig.create(project);
    const stranger = await there.startWith(as('stranger'), 'pull').result;
    expect(stranger.code).toBe(1);
    expect(await there.startWith(as('reader'), 'run', '--remote', 'team').result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('(3 restored from team)'),
    });
  },
);

test('in a share all who may write there can, whatever the umask of whoever pushed before them', async () => {
  await using clones = new Clones();
  chmodSync(clones.store, 0o2775);
  const here = await clones.clone();
  await here.repro('run');
  const within = ['sh', '-c', 'umask 077; exec "$@"', 'sh'];
  expect(await here.startWith({ within }, 'push').result).toMatchObject({ code: 0, stderr: '' });
  for (const name of readdirSync(clones.store, { recursive: true, encoding: 'utf8' })) {
    const status = statSync(path.join(clones.store, name));
    expect([name, status.mode & 0o7777]).toEqual([name, status.isDirectory() ? 0o2775 : 0o664]);
  }
});
