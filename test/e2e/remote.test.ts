// Two clones and a remote between them, by the command line: one pushes, the other pulls and computes nothing.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { silentServer } from '../rig/servers.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

// Many commands, each a process: beside other tests they take a while.
vi.setConfig({ testTimeout: 240_000 });

const files = {
  'pipeline.yaml': `name: shared
seed: 1
stages:
  make:
    run: [node, make.mjs]
    code: [make.mjs]
    outputs: { data: data.txt }
    numbers: numbers.json
`,
  'make.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.data, 'some data');
writeFileSync(numbers, JSON.stringify({ answer: { value: 42, unit: '1', kind: 'exact' } }));
`,
};

test('a run asks a remote for what is not here; and fetch leaves artifacts as they are', async () => {
  using share = temporaryDirectory({});
  mkdirSync(path.join(share.path, 'store'));
  const config = `remotes: { team: { url: 'file:${share.path}/store' } }\n`;
  await using here = await Rig.create({ ...files, 'repro.config.yaml': config });
  await using there = await Rig.create({ ...files, 'repro.config.yaml': config });
  await here.repro('run');
  const { run } = JSON.parse((await here.repro('push', '--json')).stdout) as { run: string };
  expect((await there.repro('run', '--remote', 'team')).stdout).toContain('(1 restored from team)');
  await using third = await Rig.create({ ...files, 'repro.config.yaml': config });
  expect((await third.repro('fetch', run)).code).toBe(0);
  expect(third.has('artifacts')).toBe(false);
  expect((await third.repro('numbers', run)).stdout).toContain('42');
});

test('what is signed by a key that is not listed is computed here, and said', async () => {
  using share = temporaryDirectory({});
  mkdirSync(path.join(share.path, 'store'));
  const key = (name: string): void => {
    const file = path.join(share.path, `${name}.pem`);
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', file], { stdio: 'ignore' });
    execFileSync('openssl', ['pkey', '-in', file, '-pubout', '-out', path.join(share.path, `${name}.pub`)]);
  };
  for (const name of ['ours', 'theirs']) key(name);
  const at = share.path;
  const config = (own: string, trusted: string): string =>
    `remotes: { team: { url: 'file:${at}/store', trust: [${at}/${trusted}.pub] } }\nkey: ${at}/${own}.pem\n`;
  await using here = await Rig.create({ ...files, 'repro.config.yaml': config('theirs', 'theirs') });
  await here.repro('run');
  expect((await here.repro('push')).stdout).not.toContain('signed by nobody');
  await using there = await Rig.create({ ...files, 'repro.config.yaml': config('ours', 'ours') });
  const run = await there.repro('run', '--remote', 'team');
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('1 computed');
  expect(run.stdout).toContain('signed by no key that is trusted');
  writeFileSync(path.join(here.root, 'repro.config.yaml'), config('ours', 'ours'));
  await here.repro('push');
  // What lies there is not replaced: whoever pushed it first did.
  await using last = await Rig.create({ ...files, 'repro.config.yaml': config('ours', 'theirs') });
  expect((await last.repro('run', '--remote', 'team')).stdout).toContain('1 restored');
});

test('a manifest from elsewhere is not pushed, since what it names may not be here', async () => {
  await using here = await Rig.create({ ...files, 'repro.config.yaml': 'remotes: { team: { url: file:. } }' });
  await here.repro('run');
  const [kept] = here.list('.repro/manifests');
  here.write('other.json', here.read(`.repro/manifests/${kept}`));
  rmSync(path.join(here.root, '.repro/manifests', kept!));
  expect(await here.repro('push', 'other.json')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no-manifest'),
  });
});

test('Ctrl-C ends a push that a server keeps waiting, with 130', async () => {
  using server = silentServer();
  const url = `http://127.0.0.1:${await server.port}/`;
  const config = `remotes: { team: { url: '${url}', trust: anyone } }`;
  await using here = await Rig.create({ ...files, 'repro.config.yaml': config });
  await here.repro('run');
  const push = here.start('push');
  await server.asked;
  push.signal('SIGINT');
  expect(await push.result).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') });
});

test.each([
  ['no remote', '', ['push'], 'no-remote'],
  ['another name', 'remotes: { team: { url: file:/x } }', ['push', '--remote', 'taem'], 'did you mean "team"'],
  ['http without a key', "remotes: { team: { url: 'http://example.org/x', trust: anyone } }", ['push'], 'bad-remote'],
  ['credentials', "remotes: { team: { url: 'https://a:b@example.org/x' } }", ['push'], '.netrc'],
  ['a query', "remotes: { team: { url: 'https://example.org/x?sig=hidden' } }", ['push'], 'more than a path'],
  ['no address', "remotes: { team: { url: 'https://a:hidden b@example org' } }", ['push'], 'an address that is none'],
  ['no bucket', "remotes: { team: { url: 's3://' } }", ['push'], 'an address that is none'],
  ['settings', "remotes: { team: { url: 'rclone:lab,pass=hidden:x' } }", ['push'], 'rclone config'],
  ['no folder', "remotes: { team: { url: 'file:' } }", ['push'], 'names no directory of this machine'],
  ['a host', "remotes: { team: { url: 'file://lab/x' } }", ['push'], 'names no directory of this machine'],
  ['a server and nobody trusted', "remotes: { team: { url: 'https://example.org/x' } }", ['push'], 'list public keys'],
  ['a wrong key in the file', 'remotes: { team: { ulr: file:/x } }', ['push'], 'repro.config.yaml:1:20'],
  ['a share that is not mounted', 'remotes: { team: { url: file:/nonexistent/x } }', ['push'], 'remote-failed'],
  ['a run that is not there', 'remotes: { team: { url: file:. } }', ['pull', 'none'], 'no-manifest'],
])('%s is said with what to do', async (_, config, words, expected) => {
  await using rig = await Rig.create({ ...files, 'repro.config.yaml': config });
  await rig.repro('run');
  const { code, stderr } = await rig.repro(...words);
  expect(code === 1 || code === 2).toBe(true);
  expect(stderr).toContain(expected);
  expect(stderr).not.toContain('Internal error');
  expect(stderr).not.toContain('hidden');
});
