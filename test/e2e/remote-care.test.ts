// A remote tried out, and cleaned up.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { missingFor, startServer } from '../rig/servers.ts';
import { Clones, sharedFiles } from '../rig/shared-project.ts';

// Many commands, each a process: beside other tests they take a while.
vi.setConfig({ testTimeout: 240_000 });

test('a remote that is tried out says what works by words, by JSON and by its exit code', async () => {
  await using clones = new Clones();
  const here = await clones.clone();
  const fine = await here.repro('remote', 'check');
  expect(fine).toMatchObject({ code: 0, stderr: '' });
  expect(fine.stdout).toContain('Reading works. Pushing works.');
  expect(fine.stdout).toContain('an upload that is broken off leaves nothing');
  const key = path.join(clones.at, 'key.pem');
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key], { stdio: 'ignore' });
  execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-out', path.join(clones.at, 'key.pub')]);
  const unsigned = await clones.clone(`, trust: [${clones.at}/key.pub]`);
  const half = await unsigned.repro('remote', 'check', 'team', '--json');
  expect(half.code).toBe(4);
  expect(JSON.parse(half.stdout)).toMatchObject({
    remote: 'team',
    canRead: true,
    canPush: false,
    write: null,
    left: [],
  });
  rmSync(clones.store, { recursive: true });
  const none = await here.repro('remote', 'check');
  expect(none.code).toBe(1);
  expect(none.stdout).toContain('Reading does not work. Pushing does not work.');
  expect((await here.repro('remote', 'check', 'taem')).stderr).toContain('did you mean "team"?');
});

test('gc says what a remote could do without, deletes it when asked to, and leaves the rest of use', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  await here.repro('run', '--set', 'text=old');
  await here.repro('push');
  const old = here.list('.repro/manifests')[0]!.replace('.json', '');
  await here.repro('run', '--push');
  expect((await here.repro('gc', '--remote', 'team', '--keep', '1')).stdout).toContain('garbage  nothing');
  const looked = await here.repro('gc', '--remote', 'team', '--keep', '1', '--grace', '0');
  expect(looked.stdout).toMatch(/kept {5}1 run, 3 records, \d+ objects\ngarbage {2}1 run, 2 records, \d+ objects?: /);
  expect(looked.stdout).toContain('Nothing was deleted');
  expect(readdirSync(path.join(clones.store, 'v1/manifests'))).toHaveLength(2);
  const deleted = await here.repro('gc', '--remote', 'team', '--keep', '1', '--grace', '0', '--delete');
  expect(deleted.stdout).toContain('deleted  1 run, 2 records');
  expect(readdirSync(path.join(clones.store, 'v1/probes'))).toEqual([]);
  expect((await there.repro('pull', old)).stderr).toContain('no-manifest');
  expect((await there.repro('run', '--remote', 'team')).stdout).toContain('(3 restored from team)');
  expect(await here.repro('gc', '--remote', 'team', '--secrets')).toMatchObject({ code: 2 });
});

const missing = missingFor('nginx');
test.skipIf(missing.length > 0)(
  `a server that cannot be listed cannot be cleaned up, and says so (needs ${missing.join(' ') || 'nothing more'})`,
  async () => {
    await using server = await startServer('nginx', '} location /plain/ { dav_methods PUT;');
    const config = `remotes: { web: { url: '${server.url}plain/', trust: anyone } }\n`;
    await using rig = await Rig.create({ ...sharedFiles, 'repro.config.yaml': config });
    expect(await rig.repro('gc', '--remote', 'web')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be listed'),
    });
  },
);
