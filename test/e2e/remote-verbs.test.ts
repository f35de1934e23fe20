// What `push`, `pull` and `fetch` may be asked for, and what they refuse.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { cellSeed } from '../../src/store/cell-seed.ts';
import { fingerprintOf } from '../../src/store/records.ts';
import { Clones } from '../rig/shared-project.ts';

// Many commands, each a process: beside other tests they take a while.
vi.setConfig({ testTimeout: 240_000 });

const all = (folder: string, part: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes(part))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();

/** Changes what an envelope says. */
function forge(file: string, change: (payload: string) => string): void {
  const envelope = JSON.parse(readFileSync(file, 'utf8')) as { payload: string };
  const payload = change(Buffer.from(envelope.payload, 'base64').toString('utf8'));
  // Whoever writes an envelope of their own leaves the digest out.
  const forged = { ...envelope, digest: undefined, payload: Buffer.from(payload).toString('base64') };
  writeFileSync(file, JSON.stringify(forged));
}

test('a tag brings numbers, gates, artifacts and report to an empty clone, and nothing is left to execute', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  await here.repro('run');
  await here.repro('tag', 'best');
  expect(await here.repro('push', 'best')).toMatchObject({ code: 0, stderr: '' });
  const again = JSON.parse((await here.repro('push', 'best', '--json')).stdout) as object;
  expect(again).toMatchObject({ objects: 0, bytes: 0, records: 0, leftOut: [] });

  const pulled = await there.repro('pull', 'best');
  expect(pulled).toMatchObject({ code: 0, stderr: '' });
  expect(pulled.stdout).toMatch(/^pulled run \S+ from team: 3 results, 1 number, /);
  expect((await there.repro('numbers')).stdout).toContain('measure.length');
  for (const verb of ['gate', 'verify', 'report']) expect((await there.repro(verb)).code, verb).toBe(0);
  expect((await there.repro('run')).stdout).toContain('complete: 3 stages (3 restored)');
});

test('artifacts of cells lie where a run writes them, whatever the order of their axes', async () => {
  const pipeline = `name: axes
stages:
  cells: { run: [sh, -c, 'echo 1 > o'], code: [], matrix: { size: [1, 2], kind: [a, b] }, outputs: { o: o } }
`;
  await using clones = new Clones();
  const [here, there] = [
    await clones.clone('', { 'pipeline.yaml': pipeline }),
    await clones.clone('', { 'pipeline.yaml': pipeline }),
  ];
  await here.repro('run');
  await here.repro('tag', 'best');
  await here.repro('push', 'best');
  expect(await there.repro('pull', 'best')).toMatchObject({ code: 0, stderr: '' });
  expect(there.list('artifacts/cells')).toEqual(here.list('artifacts/cells'));
  for (const clone of [here, there]) expect((await clone.repro('verify')).stdout).not.toContain('not checked');
});

test('all that the plan needs comes as far as it is there, and what is not is listed', async () => {
  await using clones = new Clones();
  const [here, there, last] = [await clones.clone(), await clones.clone(), await clones.clone()];
  await here.repro('run');
  expect((await here.repro('push', 'measure')).stdout).toContain('pushed measure to team: 2 results');
  const fetched = await there.repro('fetch', '--json');
  expect(fetched.code).toBe(1);
  expect(JSON.parse(fetched.stdout)).toMatchObject({
    run: null,
    results: ['make', 'measure'],
    missing: [{ cell: 'other', why: 'the remote does not have it' }],
  });
  expect(there.has('artifacts')).toBe(false);
  expect((await there.repro('run')).stdout).toContain('(1 computed, 2 restored)');
  expect((await last.repro('pull', 'make')).code).toBe(0);
  expect(last.list('artifacts')).toEqual(['make/data.txt', 'make/many/deep/1', 'make/many/deep/2', 'make/many/deep/3']);
  // Of another parameter there is nothing, and below it nothing is known.
  const other = await there.repro('fetch', '--set', 'text=longer');
  expect(other.stderr).toContain('missing: measure: what make gives is not known');
  expect(await here.repro('push', 'make', '--set', 'text=longer')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('make stays here: it is not up to date here'),
  });
});

test('a name that is a stage and a run is not guessed, and a misspelt one is suggested', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  await here.repro('run');
  await here.repro('tag', 'make');
  await here.repro('tag', 'camera-ready');
  for (const name of ['camera-ready', 'make']) {
    const pushed = await here.repro('push', name);
    expect(pushed.code).toBe(name === 'make' ? 2 : 0);
    if (name === 'make') expect(pushed.stderr).toContain('stage:make or run:make');
  }
  expect((await here.repro('push', 'stage:make')).stdout).toContain('pushed stage:make');
  expect(await there.repro('pull', 'make')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ambiguous-name'),
  });
  expect((await there.repro('pull', 'run:make')).stdout).toContain('pulled run');
  expect((await there.repro('pull', 'camera-redy')).stderr).toContain('did you mean "camera-ready"?');
  expect((await there.repro('pull', 'mesure')).stderr).toContain('did you mean "measure"?');
  expect((await here.repro('push', 'mesure')).stderr).toContain('did you mean "measure"?');
});

test('a manifest that does not agree with its records is refused, and so is one in the place of another', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  await here.repro('run');
  await here.repro('push');
  await here.repro('run', '--set', 'text=other text');
  await here.repro('push', 'last');
  const [first, second] = all(clones.store, 'manifests');
  const kept = readFileSync(first!);
  forge(first!, (text) =>
    text.replace(
      '"number":{"kind":"exact","unit":"bytes","value":9}',
      '"number":{"kind":"exact","unit":"bytes","value":8}',
    ),
  );
  expect(readFileSync(first!)).not.toEqual(kept);
  const [run] = here.list('.repro/manifests');
  const id = run!.replace('.json', '');
  expect(await there.repro('pull', id)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"measure.length" is not what its stage recorded'),
  });
  writeFileSync(first!, readFileSync(second!));
  expect((await there.repro('pull', id)).stderr).toMatch(/has run \S+ as /);
  expect(there.has('artifacts')).toBe(false);
});

test('a manifest whose stage has a name that leads out of artifacts is refused, whoever is trusted', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  await here.repro('run', 'other');
  await here.repro('push');
  const name = '../escaped';
  const [manifest] = all(clones.store, 'manifests');
  forge(manifest!, (text) => {
    const forged = JSON.parse(text) as Manifest;
    for (const stage of forged.stages) {
      const preimage = { ...stage.record!.preimage, stage: name, seed: cellSeed(1, name, {}) };
      Object.assign(stage, { id: name, stage: name, published: `artifacts/${name}` });
      Object.assign(stage.record!, { preimage, fingerprint: fingerprintOf(preimage) });
    }
    for (const gap of forged.gaps) if (gap.stage === 'other') gap.stage = name;
    return canonicalJson(forged);
  });
  const id = here.list('.repro/manifests')[0]!.replace('.json', '');
  expect(await there.repro('pull', id)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is no name of a cell'),
  });
  expect(there.has('escaped')).toBe(false);
});

test('a tag that named another run here is moved, and that is said', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  for (const rig of [here, there]) {
    await rig.repro('run');
    await rig.repro('tag', 'best');
  }
  await here.repro('push', 'best');
  const [ours, theirs] = [there, here].map((rig) => rig.list('.repro/manifests')[0]!.replace('.json', ''));
  const moved = `tag "best" named run ${ours} here, and names ${theirs} now`;
  expect(await there.repro('pull', 'best')).toMatchObject({ code: 0, stderr: expect.stringContaining(moved) });
  expect(await there.repro('pull', 'best')).toMatchObject({ code: 0, stderr: '' });
});

test('results of another platform are not taken unless the remote says so', async () => {
  await using clones = new Clones();
  const [here, there, other] = [
    await clones.clone(),
    await clones.clone(),
    await clones.clone(', platforms: [linux-arm64-glibc]'),
  ];
  await here.repro('run');
  await here.repro('push');
  const [manifest] = all(clones.store, 'manifests');
  const envelope = readFileSync(manifest!, 'utf8').replace(/platform=[a-z0-9-]+/, 'platform=linux-arm64-glibc');
  writeFileSync(manifest!, envelope);
  forge(manifest!, (text) => text.replaceAll(`"arch":"${process.arch}"`, '"arch":"arm64"'));
  const id = here.list('.repro/manifests')[0]!.replace('.json', '');
  const pulled = await there.repro('pull', id);
  expect(pulled).toMatchObject({ code: 1, stderr: expect.stringContaining('linux-arm64-glibc, which is not taken') });
  expect((await other.repro('pull', id)).code).toBe(0);
});

test('a result that was moved to the folder of another platform is not taken', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  await here.repro('run');
  await here.repro('push');
  for (const file of all(clones.store, 'records')) {
    const envelope = readFileSync(file, 'utf8').replace(/platform=[a-z0-9-]+/, 'platform=darwin-arm64');
    writeFileSync(file, envelope.replace(/,"digest":"[^"]+"/, ''));
  }
  expect((await there.repro('fetch', 'make')).stderr).toContain('is of another platform, darwin-arm64');
});

test('what is damaged there is a miss, is sent again with --force, and then comes whole', async () => {
  await using clones = new Clones();
  const [here, there] = [await clones.clone(), await clones.clone()];
  await here.repro('run');
  await here.repro('push');
  const file = all(clones.store, 'objects').find((each) => readFileSync(each, 'utf8') === 'file 2')!;
  chmodSync(file, 0o644);
  writeFileSync(file, 'file 3');
  const id = here.list('.repro/manifests')[0]!.replace('.json', '');
  expect(await there.repro('pull', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('missing: make: ') });
  expect((await here.repro('push')).stdout).toContain('0 objects');
  expect((await here.repro('push', '--force')).code).toBe(0);
  expect(await there.repro('pull', id)).toMatchObject({ code: 0, stderr: '' });
  expect(there.read('artifacts/make/many/deep/2')).toBe('file 2');
});

test('with a key that nobody lists nothing is pushed, so that what others believe is not replaced', async () => {
  await using clones = new Clones();
  for (const name of ['listed', 'own']) {
    const key = path.join(clones.at, `${name}.pem`);
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key], { stdio: 'ignore' });
    execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-out', path.join(clones.at, `${name}.pub`)]);
  }
  const here = await clones.clone(`, trust: [${clones.at}/listed.pub] } }\nkey: ${clones.at}/own.pem #`);
  await here.repro('run');
  const refused = await here.repro('push');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('own.pem" is none of them') });
  const check = await here.repro('remote', 'check');
  expect(check.code).toBe(4);
  expect(check.stdout).toContain('own.pem" is none of them');
  expect((await here.repro('run', '--push')).stdout).toContain('Nothing is pushed: From "team" only what listed keys');
  expect(readdirSync(clones.store).flatMap((name) => readdirSync(path.join(clones.store, name)))).toEqual([]);
});

test('without a key nothing goes to a remote of which only what is signed is taken', async () => {
  await using clones = new Clones();
  const key = path.join(clones.at, 'key.pem');
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key], { stdio: 'ignore' });
  execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-out', path.join(clones.at, 'key.pub')]);
  const here = await clones.clone(`, trust: [${clones.at}/key.pub]`);
  await here.repro('run');
  expect(await here.repro('push')).toMatchObject({ code: 2, stderr: expect.stringContaining('no-key') });
  expect(readdirSync(clones.store)).toEqual([]);
});

test('a manifest with values of environment variables in clear stays here', async () => {
  await using clones = new Clones();
  const here = await clones.clone();
  const old = readFileSync(fileURLToPath(new URL('../golden/formats/1/manifest.json', import.meta.url)), 'utf8');
  const { id } = (JSON.parse(old) as { run: { id: string } }).run;
  here.write(`.repro/manifests/${id}.json`, old);
  expect(await here.repro('push', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('secret-record') });
  expect(readdirSync(clones.store)).toEqual([]);
});
