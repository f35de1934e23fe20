// docs/remote.md, followed: the server that it sets up takes and gives results, and CI gates a run whose results it did not
// compute.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startServer, missingFor } from '../rig/servers.ts';
import { commitAll } from '../rig/git.ts';
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
    const config = `remotes: { team: { url: '${url}', trust: anyone } }\n`;
    const as = (name: string): { environment: Record<string, string> } => {
      const netrc = path.join(place.path, `netrc-${name}`);
      writeFileSync(netrc, `machine localhost login ${name} password ${name}-word\n`);
      return { environment: { NETRC: netrc, NODE_EXTRA_CA_CERTS: path.join(place.path, 'tls.pem') } };
    };
    await using here = await Rig.create({ ...sharedFiles, 'repro.config.yaml': config });
    await here.repro('run');
    for (const name of ['stranger', 'reader']) {
      const refused = await here.startWith(as(name), 'push').result;
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('remote-failed') });
      expect(refused.stderr).toContain('look at the credentials');
    }
    expect(await here.startWith(as('writer'), 'push').result).toMatchObject({ code: 0, stderr: '' });
    expect((await here.startWith(as('writer'), 'remote', 'check').result).code).toBe(0);
    await using there = await Rig.create({ ...sharedFiles, 'repro.config.yaml': config });
    const stranger = await there.startWith(as('stranger'), 'pull').result;
    expect(stranger.code).toBe(1);
    expect(await there.startWith(as('reader'), 'run', '--remote', 'team').result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('(3 restored from team)'),
    });
  },
);

test('a machine of CI that begins empty gates a run whose results others have computed', async () => {
  await using clones = new Clones();
  openssl(clones.at, 'genpkey', '-algorithm', 'ed25519', '-out', 'ci.pem');
  const publicKey = openssl(clones.at, 'pkey', '-in', 'ci.pem', '-pubout');
  const ignored = '.repro/\nartifacts/\nnode_modules\n';
  const here = await clones.clone(', trust: [keys/ci.pub.pem]', {
    'keys/ci.pub.pem': publicKey,
    '.gitignore': ignored,
  });
  commitAll(here.root);
  const signing = { environment: { REPRO_SIGNING_KEY: path.join(clones.at, 'ci.pem') } };
  expect(await here.startWith(signing, 'run', '--push').result).toMatchObject({ code: 0 });

  await using machine = await Rig.create({});
  execFileSync('git', ['init', '-q'], { cwd: machine.root });
  execFileSync('git', ['pull', '-q', here.root], { cwd: machine.root });
  const run = await machine.repro('run', '--remote', 'team');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('(3 restored from team)');
  const gated = await machine.repro('gate');
  expect(gated.code).toBe(0);
  expect(gated.stdout).toContain('long-enough');
  // Its manifest tells of the same commit, unchanged.
  const git = (rig: Rig): unknown => (JSON.parse(rig.read('artifacts/manifest.json')) as { git: unknown }).git;
  expect(git(machine)).toEqual(git(here));
});
