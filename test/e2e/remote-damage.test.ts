// Everything that can be wrong with what lies in a remote, at once and in every kind of remote: what is
// damaged is a miss, what is whole is taken, and pushed again all is as it was.
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestBytes } from '../../src/store/digest.ts';
import { manifestKey, objectKey, tagKey } from '../../src/remote/keys.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { bytesAt, keysOf, type RemoteHost, remoteHosts, type RemotePlace, replaceAt } from '../rig/remote-hosts.ts';
import { Rig } from '../rig/rig.ts';

type Change = (bytes: Buffer) => Buffer | null;
const flipped: Change = (bytes) => Buffer.concat([Buffer.from([bytes[0]! ^ 1]), bytes.subarray(1)]);
/** A character of what is signed. */
const flippedWithin: Change = (bytes) => {
  const at = bytes.indexOf('"payload":"') + 40;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([bytes[at]! === 65 ? 66 : 65]), bytes.subarray(at + 1)]);
};
const cut: Change = (bytes) => bytes.subarray(0, -1);
const emptied: Change = () => Buffer.alloc(0);
const longer: Change = (bytes) => Buffer.concat([bytes, Buffer.from('more')]);
const gone: Change = () => null;
const edited: Change = (bytes) => {
  const envelope = JSON.parse(bytes.toString()) as { payload: string };
  const payload = Buffer.from(envelope.payload, 'base64').toString().replace('"value":7', '"value":8');
  return Buffer.from(JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') }));
};

/** By the name of a stage, what is done to its output or its record. */
const harms: Readonly<Record<string, readonly ['object' | 'record', Change]>> = {
  'object-flipped': ['object', flipped],
  'object-cut': ['object', cut],
  'object-emptied': ['object', emptied],
  'object-longer': ['object', longer],
  'object-gone': ['object', gone],
  'record-flipped': ['record', flipped],
  'record-cut': ['record', cut],
  'record-emptied': ['record', emptied],
  'record-edited': ['record', edited],
  'record-of-nothing': ['record', () => Buffer.from('[]')],
  'record-gone': ['record', gone],
};
/** Each has the other's record. */
const swapped = ['swapped-one', 'swapped-two'] as const;
const stages = [...Object.keys(harms), ...swapped, 'whole'];

const files = {
  'pipeline.yaml': `name: damaged
stages:
${stages
  .map(
    (name) => `  ${name}:
    run: [sh, make.sh, ${name}]
    code: [make.sh]
    outputs: { data: data.txt }
    numbers: n.json
`,
  )
  .join('')}`,
  'make.sh': `printf 'output of %s' "$1" > data.txt
echo '{"n": {"value": 7, "unit": "1", "kind": "exact"}}' > n.json
`,
};

/** One stage, whose output a parameter decides. */
const one = {
  'pipeline.yaml': `name: one
params: { text: none }
stages:
  one: { run: [sh, make.sh, '\${text}'], code: [make.sh], params: [text], outputs: { data: data.txt } }
`,
  'make.sh': `printf 'text %s' "$1" > data.txt\n`,
};

const key = generateKeyPairSync('ed25519');
const keys = {
  'ours.pem': key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  'ours.pub': key.publicKey.export({ type: 'spki', format: 'pem' }) as string,
};

async function damage(remote: Remote): Promise<void> {
  const records = new Map<string, string>();
  for (const each of (await keysOf(remote)).filter((name) => name.includes('/records/'))) {
    const { payload } = JSON.parse((await bytesAt(remote, each)).toString()) as { payload: string };
    const text = Buffer.from(payload, 'base64').toString();
    for (const name of stages) if (text.includes(`"${name}"`)) records.set(name, each);
  }
  expect([...records.keys()].sort()).toEqual([...stages].sort());
  for (const [name, [what, change]] of Object.entries(harms)) {
    const place = what === 'object' ? objectKey(digestBytes(`output of ${name}`)) : records.get(name)!;
    await replaceAt(remote, place, change(await bytesAt(remote, place)));
  }
  const [one, two] = swapped.map((name) => records.get(name)!) as [string, string];
  await swapAt(remote, one, two);
}

describe.each(Object.entries(remoteHosts))('in %s', (_, { missing, start }) => {
  const needs = missing.map((each) => `, needs ${each}`).join('');
  let host: RemoteHost | undefined;
  beforeAll(async () => void (host = missing.length === 0 ? await start() : undefined), 120_000);
  afterAll(() => host?.[Symbol.asyncDispose]());

  test.skipIf(missing.length > 0)(
    `what is damaged is computed, what is whole is taken, and a new push mends it${needs}`,
    async () => {
      const place = await host!.place();
      await using here = await cloneFor(place);
      expect(await repro(here, place, 'run')).toMatchObject({ code: 0 });
      expect(await repro(here, place, 'push')).toMatchObject({ code: 0, stderr: '' });
      await damage(place.remote);

      await using there = await cloneFor(place);
      const run = await repro(there, place, 'run', '--remote', 'team');
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toContain(`${stages.length} stages (${stages.length - 1} computed, 1 restored from team)`);
      expect(run.stdout.match(/The remote does not help/g)).toHaveLength(1);
      for (const name of stages) expect(there.read(`artifacts/${name}/data.txt`)).toBe(`output of ${name}`);
      expect(there.list('.repro/quarantine')).toEqual([]);
      expect((await repro(there, place, 'verify')).code).toBe(0);

      await using puller = await cloneFor(place);
      const id = (JSON.parse(here.read('artifacts/manifest.json')) as { run: { id: string } }).run.id;
      const refused = await repro(puller, place, 'pull', id);
      expect(refused.code).toBe(1);
      expect(refused.stdout + refused.stderr).not.toContain('Internal error');
      expect(puller.list('artifacts').filter((name) => name.startsWith('object-'))).toEqual([]);

      expect(await repro(here, place, 'push', '--force')).toMatchObject({ code: 0 });
      expect(await repro(puller, place, 'pull', id)).toMatchObject({ code: 0, stderr: '' });
      expect((await repro(puller, place, 'run')).stdout).toContain(`(${stages.length} restored)`);
    },
    300_000,
  );

  test.skipIf(missing.length > 0)(
    `manifests and tags that are flipped or swapped are refused, keep all that gc would delete, and are mended${needs}`,
    async () => {
      const place = await host!.place();
      await using here = await cloneFor(place, one);
      const ids: string[] = [];
      for (const [tag, text] of Object.entries({ first: 'one', second: 'two' })) {
        await repro(here, place, 'run', '--set', `text=${text}`);
        await repro(here, place, 'tag', tag);
        expect(await repro(here, place, 'push', tag)).toMatchObject({ code: 0, stderr: '' });
        ids.push((JSON.parse(here.read('artifacts/manifest.json')) as { run: { id: string } }).run.id);
      }
      const tags = [tagKey('first'), tagKey('second')] as const;
      const manifests = ids.map(manifestKey) as [string, string];
      await using there = await cloneFor(place, one);
      const whole = new Map<string, Buffer>();
      for (const at of [...tags, ...manifests]) whole.set(at, await bytesAt(place.remote, at));
      for (const [harm, why] of [
        [() => changeAt(place.remote, tags[0], flipped), 'is not a tag in an envelope'],
        [() => changeAt(place.remote, tags[0], flippedWithin), 'is not what was put there'],
        [() => swapAt(place.remote, ...tags), 'has tag "second" as "first"'],
        [() => changeAt(place.remote, manifests[0], flipped), 'is not a manifest in an envelope'],
        [() => changeAt(place.remote, manifests[0], flippedWithin), 'is not what was put there'],
        [() => swapAt(place.remote, ...manifests), `has run ${ids[1]} as ${ids[0]}`],
      ] as const) {
        await harm();
        const refused = await repro(there, place, 'pull', 'first');
        expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(why) });
        expect(refused.stderr).toContain('--force');
        expect(there.has('artifacts')).toBe(false);
        for (const [at, bytes] of whole) await replaceAt(place.remote, at, bytes);
      }
      await changeAt(place.remote, manifests[0], flipped);
      const gc = await repro(here, place, 'gc', '--remote', 'team', '--keep', '1', '--grace', '0', '--delete');
      expect(gc.stderr).toContain('every result is kept');
      expect(await repro(here, place, 'push', 'first', '--force')).toMatchObject({ code: 0, stderr: '' });
      expect(await repro(there, place, 'pull', 'first')).toMatchObject({ code: 0, stderr: '' });
      expect(there.read('artifacts/one/data.txt')).toBe('text one');
    },
    300_000,
  );
});

async function changeAt(remote: Remote, at: string, change: Change): Promise<void> {
  await replaceAt(remote, at, change(await bytesAt(remote, at)));
}

async function swapAt(remote: Remote, one: string, two: string): Promise<void> {
  const first = await bytesAt(remote, one);
  await replaceAt(remote, one, await bytesAt(remote, two));
  await replaceAt(remote, two, first);
}

function cloneFor({ declaration }: RemotePlace, project: Readonly<Record<string, string>> = files): Promise<Rig> {
  const config = `remotes: { team: { ${declaration}, trust: [ours.pub] } }\nkey: ours.pem\n`;
  return Rig.create({ ...project, ...keys, 'repro.config.yaml': config });
}

function repro(rig: Rig, { environment }: RemotePlace, ...words: string[]) {
  return rig.startWith({ environment }, ...words).result;
}
