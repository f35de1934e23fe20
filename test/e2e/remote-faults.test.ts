// Servers and directories that give or take nothing, by the command line: the run computes, says so once and soon asks no more;
// only what is there to move results fails, with what to do.
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestBytes } from '../../src/store/digest.ts';
import { Rig } from '../rig/rig.ts';
import { missingFor, type Server, startServer } from '../rig/servers.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { unprivileged } from '../rig/unprivileged.ts';

const few = 6;
/** More than are asked for at once. */
const many = 40;

const makeFile = 'for i in $(seq 60); do echo "line $i of $1"; done > data.txt\n';

function clone(url: string, stages = few): Promise<Rig> {
  const stage = (index: number): string =>
    `  s${index}: { run: [sh, make.sh, s${index}], code: [make.sh], outputs: { data: data.txt } }\n`;
  return Rig.create({
    'pipeline.yaml': `name: faults\nstages:\n${Array.from({ length: stages }, (_, index) => stage(index)).join('')}`,
    'make.sh': makeFile,
    'repro.config.yaml': `remotes: { team: { url: '${url}', trust: anyone } }\n`,
  });
}

/** A run that asks in vain: all is computed, and that the remote does not help is said once. */
async function expectComputed(rig: Rig, why: string, stages = few): Promise<void> {
  const run = await rig.repro('run', '--remote', 'team');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain(`${stages} stages (${stages} computed)`);
  expect(run.stdout.match(/The remote does not help/g)).toHaveLength(1);
  expect(run.stdout).toContain(why);
}

async function expectRefused(rig: Rig, words: readonly string[], why: string, hint: string): Promise<void> {
  const { code, stderr } = await rig.repro(...words);
  expect(code).toBe(1);
  expect(stderr).toContain('remote-failed');
  expect(stderr).toContain(why);
  expect(stderr).toContain(hint);
}

const rights = 'look at the credentials';
const again = 'the same command goes on';
const room = 'make room there';
/** By the first folder of an address: what nginx does there, what is said of it, and what to do. */
const answers: Readonly<Record<string, readonly [directives: string, why: string, hint: string]>> = {
  denied: ['deny all;', '403', rights],
  login: ['return 401;', '401', rights],
  away: ['return 503;', '503', again],
  broken: ['return 500;', '500', again],
  moved: ['return 302 /open/;', 'redirect', again],
};
const dav = 'dav_methods PUT DELETE MKCOL; create_full_put_path on;';

const missing = missingFor('nginx');
describe.skipIf(missing.length > 0)(`nginx (needs ${missing.join(' ') || 'nothing more'})`, () => {
  let server: Server;
  beforeAll(async () => {
    const locations = Object.entries(answers).map(([name, [directives]]) => `location /${name}/ { ${directives} }`);
    server = await startServer(
      'nginx',
      '',
      (port, root) => `server { listen 127.0.0.1:${port};
      root ${root}; ${locations.join('\n')}
      location /open/ { ${dav} }
      location /plain/ { }
      location /small/ { ${dav} client_max_body_size 1k; }
      location /slow/ { ${dav} limit_rate 500; }
    }`,
    );
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  const asked = (folder: string): number =>
    readFileSync(path.join(server.root, '../logs/access.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(`/${folder}/v1/`)).length;

  test.each(Object.entries(answers))(
    'that answers as "%s" costs a run nothing but results',
    async (name, [, why, hint]) => {
      await using rig = await clone(`${server.url}${name}/`, many);
      await expectComputed(rig, why, many);
      // Sixteen at once, and two more before the third fault.
      expect(asked(name)).toBeLessThan(25);
      await expectRefused(rig, ['push'], why, hint);
      await expectRefused(rig, ['pull', '20260101T000000Z-0000'], why, hint);
    },
  );

  test.each([
    ['plain', '405', rights],
    ['small', '413', room],
  ])('that takes nothing, as "%s", refuses a push, and runs go on', async (name, why, hint) => {
    await using rig = await clone(`${server.url}${name}/`);
    const run = await rig.repro('run', '--push');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(`(${few} computed)`);
    expect(run.stdout.match(/Not pushed, the run goes on/g)).toHaveLength(1);
    await expectRefused(rig, ['push'], why, hint);
  });

  test('that is slow is waited for', async () => {
    await using here = await clone(`${server.url}slow/`);
    await here.repro('run');
    expect(await here.repro('push')).toMatchObject({ code: 0, stderr: '' });
    await using there = await clone(`${server.url}slow/`);
    expect((await there.repro('run', '--remote', 'team')).stdout).toContain(`(${few} restored from team)`);
  });
});

test.skipIf(missing.length > 0)(
  'nginx whose worker is killed in the middle of a pull is asked for the rest',
  async () => {
    await using server = await startServer('nginx', 'limit_rate 1m;');
    await using here = await clone(server.url, 1);
    here.write('make.sh', 'head -c 3000000 /dev/zero > data.txt\n');
    expect(await here.repro('run', '--push')).toMatchObject({ code: 0, stderr: '' });
    await using there = await clone(server.url, 1);
    there.write('make.sh', here.read('make.sh'));
    const pull = there.start('fetch');
    const sizeOf = (name: string): number =>
      statSync(path.join(there.root, '.repro/tmp', name), { throwIfNoEntry: false })?.size ?? 0;
    while (!there.list('.repro/tmp').some((name) => sizeOf(name) > 100_000)) await delay(10);
    process.kill(Number(readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8')), 'SIGKILL');
    expect(await pull.result).toMatchObject({ code: 0, stderr: '' });
    const answers = readFileSync(path.join(server.root, '../logs/access.log'), 'utf8');
    expect(answers).toMatch(/"GET [^"]+" 206 /);
    expect((await there.repro('run')).stdout).toContain('(1 restored)');
  },
);

const mounts = spawnSync('unshare', ['-rm', 'true']).status === 0 && process.getuid?.() === 0;

/** A disk of some size at a folder, with nothing on it. */
function smallDisk(folder: string, size: string): Disposable {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=777`, 'none', folder]);
  return { [Symbol.dispose]: () => void execFileSync('umount', [folder]) };
}

/** A push to a small disk fails and leaves nothing that promises more than is there; with room, it goes on. */
async function expectFull(url: string, folder: string, why: string, hint: string): Promise<void> {
  using _disk = smallDisk(folder, '12k');
  await using rig = await clone(url);
  const run = await rig.repro('run', '--push');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout.match(/Not pushed, the run goes on/g)).toHaveLength(1);
  await expectRefused(rig, ['push'], why, hint);
  for (const each of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // Names of nginx's own, for what it copies from another disk.
    if (!each.isFile() || /\.\d{10}$/.test(each.name)) continue;
    const file = path.join(each.parentPath, each.name);
    if (file.includes('/records/')) expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('payload');
    else expect(digestBytes(readFileSync(file))).toBe(`sha256:${file.split('/').slice(-2).join('')}`);
  }
  execFileSync('mount', ['-o', 'remount,size=10m', folder]);
  expect(await rig.repro('push')).toMatchObject({ code: 0, stderr: '' });
  await using there = await clone(url);
  expect((await there.repro('run', '--remote', 'team')).stdout).toContain(`(${few} restored from team)`);
}

const fullness = 'that is full takes nothing half-written, and all of it once there is room (needs root to mount)';
describe.each([
  ['nginx', '500', 'its disk may be full'],
  ['apache', '507', room],
] as const)('%s', (name, why, hint) => {
  const absent = missingFor(name);
  const needs = absent.map((each) => `, needs ${each}`).join('');
  test.skipIf(!mounts || absent.length > 0)(`${fullness}${needs}`, async () => {
    await using full = await startServer(name);
    await expectFull(full.url, full.root, why, hint);
  });
});

describe('a directory', () => {
  test.skipIf(!mounts)(fullness, async () => {
    using place = temporaryDirectory({ 'store/.keep': '' });
    const store = path.join(place.path, 'store');
    await expectFull(`file:${store}`, store, 'ENOSPC', room);
  });

  const within = unprivileged();
  test.skipIf(within === null)('that may only be read gives, and refuses a push by name', async () => {
    using place = temporaryDirectory({ 'store/.keep': '' });
    const store = path.join(place.path, 'store');
    await using here = await clone(`file:${store}`);
    await here.repro('run');
    expect((await here.repro('push', '--json')).code).toBe(0);
    execFileSync('chmod', ['-R', 'a-w', store]);
    try {
      await using there = await clone(`file:${store}`);
      const run = await there.startWith({ within: within! }, 'run', '--remote', 'team').result;
      expect(run.stdout).toContain(`(${few} restored from team)`);
      there.write('make.sh', `${makeFile}# more\n`);
      await there.repro('run');
      const { code, stderr } = await there.startWith({ within: within! }, 'push').result;
      expect(code).toBe(1);
      expect(stderr).toContain('remote-failed');
      expect(stderr).toContain('EACCES');
      expect(stderr).toContain(rights);
    } finally {
      execFileSync('chmod', ['-R', 'u+w', store]);
    }
  });

  test('that goes away while a run asks is said once', async () => {
    using place = temporaryDirectory({ 'store/.keep': '' });
    const store = path.join(place.path, 'store');
    // A stage is asked for when the one before has ended; the first takes the share away.
    const chain = Array.from({ length: few }, (_, index) => {
      const before = index === 0 ? '' : `, inputs: { before: s${index - 1}.data }`;
      return `  s${index}: { run: [sh, make.sh, s${index}], code: [make.sh]${before}, outputs: { data: data.txt } }\n`;
    });
    await using here = await clone(`file:${store}`);
    here.write('pipeline.yaml', `name: faults\nstages:\n${chain.join('')}`);
    here.write('make.sh', `${makeFile}test ! -e '${store}' || mv '${store}' '${place.path}/elsewhere'\n`);
    await expectComputed(here, 'is not there');
    expect(existsSync(store)).toBe(false);
    await expectRefused(here, ['push'], 'is not there', again);
    renameSync(`${place.path}/elsewhere`, store);
    expect((await here.repro('push')).code).toBe(0);
  });
});
