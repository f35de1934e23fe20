// What nobody should read: by the real command, searched for in every file it leaves and in all that it prints.
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitAll } from '../rig/git.ts';
import { filesBelow } from '../rig/files-below.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const secret = 'hunter2-correct-horse';

/** Files of a project, of the pipeline file's own text apart, that hold the secret. */
function filesWith(project: Rig): string[] {
  return project
    .list('.')
    .filter((path) => path !== 'pipeline.yaml' && !path.startsWith('node_modules'))
    .filter((path) => readFileSync(join(project.root, path)).includes(secret));
}

test.each([
  ['in the file', `https://user:${secret}@localhost/x`, []],
  ['in a query', `https://localhost/x?token=${secret}`, []],
  ['by --set', 'https://localhost/x', ['--set', `url=https://user:${secret}@localhost/x`]],
  ['in a file with another error', `https://user:${secret}@localhost/x }`, []],
])('a URL with a secret %s is refused before anything is written, and never repeated', async (_, url, words) => {
  await using project = await Rig.create({
    'pipeline.yaml': `name: s
params: { url: "${url}" }
stages:
  s:
    run: [cat]
    code: []
    inputs: { data: { url: '\${url}', sha256: ${'0'.repeat(64)} } }
`,
  });
  for (const verb of [['run'], ['status'], ['run', '--json'], ['graph', '--json']]) {
    const refused = await project.repro(...verb, ...words);
    expect(refused.code).toBe(2);
    expect(refused.stdout + refused.stderr).toContain('secret-in-url');
    expect(refused.stdout + refused.stderr).not.toContain(secret);
  }
  expect(project.has('.repro')).toBe(false);
  expect(project.has('artifacts')).toBe(false);
  expect(filesWith(project)).toEqual([]);
});

const project = {
  'pipeline.yaml': `name: s
stages:
  use:
    run: [sh, use.sh]
    code: [use.sh]
    env: [TOKEN, UNSET]
    outputs: { length: length.txt }
    numbers: n.json
`,
  'use.sh': `printf %s "$TOKEN" | wc -c > length.txt
echo '{"x": {"value": 1, "unit": "1", "kind": "exact"}}' > n.json
`,
};

const verbs = [
  ['run'],
  ['run', '--report'],
  ['run', '--json'],
  ['status'],
  ['status', '--json'],
  ['why', 'use'],
  ['why', 'use.x'],
  ['why', 'use.x', '--json'],
  ['numbers', '--json'],
  ['verify'],
  ['verify', '--recompute', '1'],
  ['cite'],
  ['report'],
  ['export', 'ro-crate'],
  ['export', 'in-toto'],
  ['audit', 'use'],
] as const;

test('a value of the environment is seen by its stage, and by nobody who reads a file or a terminal', async () => {
  await using rig = await Rig.create(project);
  const repro = (value: string, ...words: readonly string[]) =>
    rig.startWith({ environment: { TOKEN: value } }, ...words).result;
  for (const words of verbs) {
    const { code, stdout, stderr } = await repro(secret, ...words);
    expect(stdout + stderr, words.join(' ')).not.toContain(secret);
    expect(code, `${words.join(' ')}: ${stdout}${stderr}`).toBe(0);
  }
  expect(rig.read('artifacts/use/length.txt').trim()).toBe(String(secret.length));
  expect(filesWith(rig)).toEqual([]);
  // Nor is its plain digest there, by which short values could be guessed.
  const plain = createHash('sha256').update(secret).digest('hex');
  expect(rig.list('.repro').filter((path) => rig.read(join('.repro', path)).includes(plain))).toEqual([]);

  expect((await repro(secret, 'run')).stdout).toMatch(/nothing to do|up to date|restored/i);
  const changed = await repro('other', 'status');
  expect(changed.stdout).toContain('env TOKEN changed');
  const run = await repro('other', 'run');
  expect(run.stdout).toContain('1 computed');
  const diff = await repro('other', 'diff', 'previous', 'latest');
  expect(diff.stdout).toMatch(/TOKEN/);
  expect(diff.stdout).not.toContain(secret);

  const other = await repro('third', 'verify', '--recompute', '1');
  expect(other.code).toBe(1);
  expect(other.stdout + other.stderr).toContain('Its environment (TOKEN) is not what it was');
}, 240_000);

test('a new store is closed to other users, and stays open where it is opened again', async () => {
  await using rig = await Rig.create(project);
  const others = (path: string): number => statSync(join(rig.root, path)).mode & 0o007;
  expect((await rig.repro('run')).code).toBe(0);
  expect(others('.repro')).toBe(0);
  expect(others('artifacts/manifest.json')).toBe(0o004);
  chmodSync(join(rig.root, '.repro'), 0o755);
  expect((await rig.repro('run', '--force')).code).toBe(0);
  expect(others('.repro')).toBe(0o005);
});

test('stores that have a key in common have fingerprints in common', async () => {
  const fingerprint = async (environment: Record<string, string>): Promise<string> => {
    await using rig = await Rig.create(project);
    await rig.startWith({ environment: { TOKEN: secret, ...environment } }, 'run').result;
    return rig.list('.repro/records').join();
  };
  const shared = { REPRO_ENV_KEY: 'k'.repeat(40) };
  expect(await fingerprint(shared)).toBe(await fingerprint(shared));
  expect(await fingerprint({})).not.toBe(await fingerprint({}));
});

test('a value that is not UTF-8 is refused: two of them would be one to Node', async () => {
  await using rig = await Rig.create(project);
  const { code, stdout } = await rig.startWith(
    { within: ['sh', '-c', 'TOKEN=$(printf "a\\377b") exec "$@"', 'sh'] },
    'run',
  ).result;
  expect(code).toBe(1);
  expect(stdout).toContain('bad-environment: The environment variable TOKEN is not UTF-8 text');
});

test('gc --secrets names what earlier versions wrote in clear, and deletes it in the store', async () => {
  await using rig = await Rig.create(project);
  expect((await rig.repro('run')).code).toBe(0);
  const old = `{"stages":[{"record":{"preimage":{"env":{"TOKEN":"${secret}","UNSET":null},"format":"repro.fingerprint/1"}}}]}`;
  for (const path of ['.repro/records/a.json', '.repro/manifests/b.json', 'artifacts/reference/c.json'])
    rig.write(path, old);
  commitAll(rig.root);
  const told = await rig.repro('gc', '--secrets');
  expect(told.stdout.trim().split('\n')).toEqual([
    '.repro/records/a.json: TOKEN  (goes with --delete)',
    '.repro/manifests/b.json: TOKEN  (goes with --delete)',
    'artifacts/reference/c.json: TOKEN  (committed: whoever has the repository has the values; change them)',
  ]);
  expect((await rig.repro('gc', '--secrets', '--delete')).stdout).not.toContain(secret);
  expect(filesWith(rig).filter((path) => !path.startsWith('.git/'))).toEqual(['artifacts/reference/c.json']);
});

test('what is pushed holds no value of a declared variable; a log that a stage printed it into does', async () => {
  using share = temporaryDirectory({ 'store/.keep': '' });
  const config = `remotes: { team: { url: 'file:${share.path}/store' } }`;
  await using rig = await Rig.create({ ...project, 'repro.config.yaml': config });
  const environment = { TOKEN: secret };
  const held = async (): Promise<string[]> => {
    expect((await rig.startWith({ environment }, 'run').result).code).toBe(0);
    expect((await rig.repro('tag', 'shared')).code).toBe(0);
    expect((await rig.startWith({ environment }, 'push').result).code).toBe(0);
    const kinds = new Set<string>();
    for (const name of filesBelow(share.path)) {
      const text = readFileSync(join(share.path, name), 'utf8');
      // Records, manifests and tags are in envelopes, in base 64.
      const { payload } = text.startsWith('{"payload"') ? (JSON.parse(text) as { payload: string }) : { payload: '' };
      const opened = Buffer.from(payload, 'base64').toString();
      kinds.add(name.split('/')[2] ?? '');
      if ((text + opened).includes(secret)) kinds.add(`${name.split('/')[2]} with the secret`);
    }
    return [...kinds].sort();
  };
  expect(await held()).toEqual(['', 'manifests', 'objects', 'records', 'tags']);
  rig.write('use.sh', `echo "$TOKEN"\n${project['use.sh']}`);
  expect(await held()).toEqual(['', 'manifests', 'objects', 'objects with the secret', 'records', 'tags']);
});
