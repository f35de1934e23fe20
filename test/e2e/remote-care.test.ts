// A remote tried out, cleaned up, and shared by machines whose clocks differ.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { keysOf, type RemoteHost, remoteHosts, type RemotePlace } from '../rig/remote-hosts.ts';
import { commitAll } from '../rig/git.ts';
import { Rig } from '../rig/rig.ts';
import { missingFor, startServer } from '../rig/servers.ts';
import { Clones, sharedFiles } from '../rig/shared-project.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

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
  expect(readdirSync(path.join(clones.store, 'v1'))).not.toContain('probes');
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

describe.each(Object.entries(remoteHosts))('in %s', (_, { missing: absent, start }) => {
  const needs = absent.map((each) => `, needs ${each}`).join('');
  let host: RemoteHost | undefined;
  beforeAll(async () => void (host = absent.length === 0 ? await start() : undefined), 120_000);
  afterAll(() => host?.[Symbol.asyncDispose]());

  test.skipIf(absent.length > 0)(`a check finds that all works, and leaves nothing${needs}`, async () => {
    const place = await host!.place();
    await using here = await cloneFor(place);
    const checked = await repro(here, place, 'remote', 'check', '--json');
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(checked.stdout)).toMatchObject({
      canRead: true,
      canPush: true,
      list: null,
      remove: null,
      left: [],
    });
    expect(await keysOf(place.remote)).toEqual([]);
    if (place.folder !== null) expect(readdirSync(place.folder, { recursive: true })).toEqual(['v1']);
  });

  test.skipIf(absent.length > 0)(
    `gc deletes an old run with what it alone needs, and leaves the rest whole${needs}`,
    async () => {
      const place = await host!.place();
      await using here = await cloneFor(place);
      await repro(here, place, 'run', '--set', 'text=old', '--push');
      const [old] = here.list('.repro/manifests');
      expect(await repro(here, place, 'run', '--push')).toMatchObject({ code: 0, stderr: '' });
      // Some servers tell ages in seconds, and what was put in this one may be somebody's who is pushing.
      let keys: string[];
      do {
        const gc = ['gc', '--remote', 'team', '--keep', '1', '--grace', '0', '--delete'];
        expect(await repro(here, place, ...gc)).toMatchObject({ code: 0, stderr: '' });
        keys = (await keysOf(place.remote)).filter((key) => !key.includes('/objects/'));
      } while (keys.length > 1 + 3);
      expect(keys.filter((key) => key.includes('/manifests/'))).toHaveLength(1);
      expect(keys.filter((key) => key.includes('/records/'))).toHaveLength(3);
      await using there = await cloneFor(place);
      const gone = await repro(there, place, 'pull', old!.replace('.json', ''));
      expect(gone.stderr).toContain('no-manifest');
      expect((await repro(there, place, 'run', '--remote', 'team')).stdout).toContain('(3 restored from team)');
    },
  );

  test.skipIf(absent.length > 0)(
    `an hour between the clocks of those who share it changes nothing${needs}`,
    async () => {
      const place = await host!.place();
      for (const [text, hours] of Object.entries({ early: -1, late: 1 })) {
        await using here = await cloneFor(place);
        here.write('clock', String(hours * 3_600_000));
        const environment = { ...place.environment, CLOCK: `${here.root}/clock` };
        const off = (...words: string[]) =>
          here.startWith({ node: ['--import', shiftedClock], environment }, ...words).result;
        expect(await off('run', '--set', `text=${text}`, '--push')).toMatchObject({ code: 0, stderr: '' });
        const { clockSeconds } = JSON.parse((await off('remote', 'check', '--json')).stdout) as {
          clockSeconds: number;
        };
        expect(Math.round(clockSeconds / 3600)).toBe(-hours);
        await using there = await cloneFor(place);
        const [run] = here.list('.repro/manifests');
        expect(await repro(there, place, 'pull', run!.replace('.json', ''))).toMatchObject({ code: 0, stderr: '' });
        expect((await repro(there, place, 'run', '--set', `text=${text}`)).stdout).toContain('(3 restored)');
      }
    },
  );

  test.skipIf(absent.length > 0)(
    `a machine of CI that begins empty gates a run whose results others have computed and signed${needs}`,
    async () => {
      const place = await host!.place();
      using keys = temporaryDirectory({});
      const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: keys.path, stdio: 'ignore' });
      openssl('genpkey', '-algorithm', 'ed25519', '-out', 'ci.pem');
      openssl('pkey', '-in', 'ci.pem', '-pubout', '-out', 'ci.pub.pem');
      await using here = await Rig.create({
        ...sharedFiles,
        'repro.config.yaml': `remotes: { team: { ${place.declaration}, trust: [keys/ci.pub.pem] } }\n`,
        'keys/ci.pub.pem': readFileSync(path.join(keys.path, 'ci.pub.pem'), 'utf8'),
        '.gitignore': '.repro/\nartifacts/\nnode_modules\n',
      });
      commitAll(here.root);
      const environment = { ...place.environment, REPRO_SIGNING_KEY: path.join(keys.path, 'ci.pem') };
      expect(await here.startWith({ environment }, 'run', '--push').result).toMatchObject({ code: 0, stderr: '' });

      await using machine = await Rig.create({});
      execFileSync('git', ['init', '-q'], { cwd: machine.root });
      execFileSync('git', ['pull', '-q', here.root], { cwd: machine.root });
      const run = await repro(machine, place, 'run', '--remote', 'team');
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toContain('(3 restored from team)');
      const gated = await repro(machine, place, 'gate');
      expect(gated.code).toBe(0);
      expect(gated.stdout).toContain('long-enough');
      // Its manifest tells of the same commit, unchanged.
      const git = (rig: Rig): unknown => (JSON.parse(rig.read('artifacts/manifest.json')) as { git: unknown }).git;
      expect(git(machine)).toEqual(git(here));
    },
  );
});

const shiftedClock = new URL('../rig/shifted-clock.mjs', import.meta.url).pathname;

function cloneFor({ declaration }: RemotePlace): Promise<Rig> {
  return Rig.create({ ...sharedFiles, 'repro.config.yaml': `remotes: { team: { ${declaration}, trust: anyone } }\n` });
}

function repro(rig: Rig, { environment }: RemotePlace, ...words: string[]) {
  return rig.startWith({ environment }, ...words).result;
}
