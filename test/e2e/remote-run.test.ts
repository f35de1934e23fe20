// Runs that ask a remote and push to it while they go on: what came, what went, how often it was asked, and that no fault of
// it fails a run.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { missingFor, startServer } from '../rig/servers.ts';
import { Clones, sharedFiles } from '../rig/shared-project.ts';

// Many commands, each a process: beside other tests they take a while.
vi.setConfig({ testTimeout: 240_000 });

const all = (folder: string, part: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes(part))
    .map((entry) => path.join(entry.parentPath, entry.name));

test('what one run computes and pushes, another has restored, by the name of the remote', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  const first = await here.repro('run', '--push', 'measure');
  expect(first.stdout).toContain('pushed to team: 2 results');
  expect(all(clones.store, 'manifests')).toHaveLength(1);
  const second = await there.repro('run', '--remote', 'team', '--push', '--json');
  expect(second.code).toBe(0);
  const events = second.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events).toContainEqual(expect.objectContaining({ kind: 'stage-restored', stage: 'make', from: 'team' }));
  expect(events).toContainEqual(expect.objectContaining({ kind: 'pushed', remote: 'team', results: 1 }));
  expect(all(clones.store, 'manifests')).toHaveLength(2);
  // What was computed before, and not pushed, goes as well.
  for (const folder of readdirSync(clones.store)) rmSync(path.join(clones.store, folder), { recursive: true });
  expect((await there.repro('run', '--push')).stdout).toContain('pushed to team: 3 results');
});

test('what turned out to be damaged there is computed, and replaced', async () => {
  await using clones = new Clones();
  const [here, there, last] = [await clones.clone(), await clones.clone(), await clones.clone()];
  await here.repro('run', '--push');
  const file = all(clones.store, 'objects').find((each) => readFileSync(each, 'utf8') === 'file 2')!;
  chmodSync(file, 0o644);
  writeFileSync(file, 'file 3');
  const healing = await there.repro('run', '--push');
  expect(healing.stdout).toContain('(1 computed, 2 restored from team)');
  const run = await last.repro('run', '--remote', 'team');
  expect(run.stdout).toContain('(3 restored from team)');
  expect(run.stdout).not.toContain('does not help');
});

test('status tells what would come from a remote, also below what is not here yet, and writes nothing there', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  await here.repro('run', 'measure', '--push');
  const found = await there.repro('status', '--remote', 'team', '--json');
  const { stages } = JSON.parse(found.stdout) as { stages: { stage: string; state: string }[] };
  expect(stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
    'make remote',
    'measure remote',
    'other stale',
  ]);
  expect(there.list('.repro/records')).toEqual([]);
  const shown = await there.repro('status', '--remote', 'team');
  expect(shown.stdout).toContain('would execute up to 1 stage, and have 2 from team.');
  const other = await there.repro('status', '--remote', 'team', '--set', 'text=longer');
  expect(other.stdout).toContain('would execute up to 3 stages.');
  for (const file of all(clones.store, 'records')) writeFileSync(file, '{}');
  expect((await there.repro('status', '--remote', 'team')).stderr).toContain('is not a record in an envelope');
});

test('a remote that takes nothing is said once, and given up after three faults; the run is what it would be', async () => {
  await using clones = new Clones();
  const here = await clones.clone();
  rmSync(clones.store, { recursive: true });
  const run = await here.repro('run', '--push');
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('(3 computed)');
  expect(run.stdout.match(/Not pushed, the run goes on/g)).toHaveLength(1);
  expect(run.stdout.match(/Nothing more is pushed after 3 faults/g)).toHaveLength(1);
});

test('without a key nothing is pushed to a remote of which only what is signed is taken, and that is said', async () => {
  await using clones = new Clones();
  const key = path.join(clones.at, 'key.pem');
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key], { stdio: 'ignore' });
  execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-out', path.join(clones.at, 'key.pub')]);
  const here = await clones.clone(`, trust: [${clones.at}/key.pub]`);
  const run = await here.repro('run', '--push');
  expect(run.code).toBe(0);
  expect(run.stdout.match(/Nothing is pushed: .*REPRO_SIGNING_KEY/g)).toHaveLength(1);
  expect(readdirSync(clones.store)).toEqual([]);
});

const missing = missingFor('nginx');
describe.skipIf(missing.length > 0)(`a server (needs ${missing.join(' ') || 'nothing more'})`, () => {
  test('is not asked by a run that has nothing to do, and once by one that pushes', async () => {
    await using server = await startServer('nginx');
    const config = `remotes: { web: { url: '${server.url}', trust: anyone } }\n`;
    await using rig = await Rig.create({ ...sharedFiles, 'repro.config.yaml': config });
    const asked = (): string[] =>
      readFileSync(path.join(server.root, '../logs/access.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('/v1/'));
    expect((await rig.repro('run', '--push')).stdout).toContain('pushed to web: 3 results');
    const before = asked().length;
    expect(before).toBeGreaterThan(10);
    expect((await rig.repro('run', '--remote', 'web')).stdout).toContain('nothing has changed since');
    expect(asked()).toHaveLength(before);
    expect((await rig.repro('run', '--remote', 'web', '--push')).stdout).toContain('nothing has changed since');
    expect(asked()).toHaveLength(before + 1);
    // Where something is to be looked at, and all of it is here, nothing is asked either.
    rig.write('.repro/index.json', '{}');
    expect((await rig.repro('run', '--remote', 'web')).stdout).toContain('(3 restored)');
    expect(asked()).toHaveLength(before + 1);
  });
});
