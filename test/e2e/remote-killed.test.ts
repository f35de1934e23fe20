// Transfers that end in the middle, in every kind of remote: the one that moves is killed, or the server goes. Nothing
// half-written has a final name on either side, and the same command goes on.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProxy } from '../rig/proxy.ts';
import { bytesAt, keysOf, type RemoteHost, remoteHosts, type RemotePlace } from '../rig/remote-hosts.ts';
import { Rig } from '../rig/rig.ts';

const megabytes = 24;
const files = {
  'pipeline.yaml': `name: large
params: { fill: a }
stages:
  large:
    run: [node, large.mjs]
    code: [large.mjs]
    params: [fill]
    outputs: { data: data.bin, many: many/ }
    numbers: n.json
  small:
    run: [node, small.mjs]
    code: [small.mjs]
    inputs: { data: large.data }
    outputs: { data: data.txt }
`,
  'large.mjs': `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const { params, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.data, params.fill.repeat(${megabytes}_000_000));
mkdirSync(outputs.many);
for (let i = 0; i < 10; i += 1) writeFileSync(outputs.many + '/' + i, 'file ' + i);
writeFileSync(numbers, JSON.stringify({ one: { value: 1, unit: '1', kind: 'exact' } }));
`,
  'small.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.data, 'small');
`,
};

function clone(declaration: string, more: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const config = `remotes: { team: { ${declaration}, trust: anyone } }\n`;
  return Rig.create({ ...files, ...more, 'repro.config.yaml': config });
}

function repro(rig: Rig, { environment }: RemotePlace, ...words: string[]) {
  return rig.startWith({ environment }, ...words).result;
}

/** Whatever has a final name there is what its name says, and names only what is there. */
async function expectWhole({ remote }: RemotePlace): Promise<string[]> {
  // What is being written, or was when its writer was killed, has a name of its own.
  const keys = (await keysOf(remote)).filter((key) => !key.includes('~'));
  const objects = keys.filter((key) => key.startsWith('v1/objects/'));
  const hexes = objects.map((key) => key.split('/').slice(2).join(''));
  for (const [index, key] of objects.entries()) {
    expect(
      createHash('sha256')
        .update(await bytesAt(remote, key))
        .digest('hex'),
    ).toBe(hexes[index]);
  }
  for (const key of keys.filter((each) => each.startsWith('v1/records/'))) {
    const { payload } = JSON.parse((await bytesAt(remote, key)).toString()) as { payload: string };
    const { outputs } = JSON.parse(Buffer.from(payload, 'base64').toString()) as {
      outputs: Record<string, { digest: string }>;
    };
    for (const { digest } of Object.values(outputs)) expect(hexes).toContain(digest.replace('sha256:', ''));
  }
  return keys;
}

/** A clone that pulls the latest run of another and has nothing left to execute. */
async function expectPulled(from: Rig, place: RemotePlace): Promise<void> {
  await using there = await clone(place.declaration);
  expect(await repro(there, place, 'pull', runOf(from))).toMatchObject({ code: 0, stderr: '' });
  expect((await there.repro('run')).stdout).toContain('(2 restored)');
}

const runOf = (rig: Rig): string => (JSON.parse(rig.read('artifacts/manifest.json')) as { run: { id: string } }).run.id;

describe.each(Object.entries(remoteHosts))('in %s', (_, { missing, start }) => {
  const needs = missing.map((each) => `, needs ${each}`).join('');
  const isHere = missing.length === 0;
  let host: RemoteHost | undefined;
  beforeAll(async () => void (host = isHere ? await start() : undefined), 120_000);
  afterAll(() => host?.[Symbol.asyncDispose]());

  test.skipIf(!isHere)(
    `a push that is killed leaves nothing half-written, and the next one completes it${needs}`,
    async () => {
      const place = await host!.place();
      await using here = await clone(place.declaration);
      await here.repro('run');
      await using killing = await pushing(here, place, host!);
      await killing.inTheMiddle;
      process.kill(killing.pid, 'SIGKILL');
      await killing.ended;
      const keys = await expectWhole(place);
      expect(keys.filter((key) => key.includes('/manifests/'))).toEqual([]);
      expect(await repro(here, place, 'push')).toMatchObject({ code: 0, stderr: '' });
      await expectWhole(place);
      await expectPulled(here, place);
    },
    300_000,
  );

  test.skipIf(!isHere)(
    `two that push at once lose nothing${needs}`,
    async () => {
      const place = await host!.place();
      const other = files['pipeline.yaml'].replace('fill: a', 'fill: b');
      await using one = await clone(place.declaration);
      await using two = await clone(place.declaration, { 'pipeline.yaml': other });
      await Promise.all([one, two].map((rig) => rig.repro('run')));
      const pushed = await Promise.all([one, two, one].map((rig) => repro(rig, place, 'push')));
      expect(pushed.map(({ code }) => code)).toEqual([0, 0, 0]);
      await expectWhole(place);
      await expectPulled(one, place);
    },
    300_000,
  );

  test.skipIf(!isHere)(
    `a pull that is killed, or whose server goes in the middle, is had by the next one${needs}`,
    async () => {
      const place = await host!.place();
      if (place.through === null || host!.server === null) return;
      await using here = await clone(place.declaration);
      await here.repro('run');
      await repro(here, place, 'push');

      const fault = { way: 'down', after: (megabytes * 1e6) / 2 } as const;
      await using silent = await startProxy(host!.server, { ...fault, then: 'silence' });
      await using there = await clone(place.through(silent.url));
      const pull = there.startWith({ environment: place.environment }, 'pull', runOf(here));
      await silent.reached;
      pull.signal('SIGKILL');
      await pull.result;
      expect(there.has('artifacts')).toBe(false);
      // The small one may have come before.
      for (const name of there.list('.repro/records')) {
        expect(there.read(`.repro/records/${name}`)).toContain('"stage":"small"');
      }

      await using breaking = await startProxy(host!.server, { ...fault, then: 'hanging up' });
      there.write('repro.config.yaml', `remotes: { team: { ${place.through(breaking.url)}, trust: anyone } }\n`);
      const failed = await repro(there, place, 'pull', runOf(here));
      expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('remote-failed') });
      expect(failed.stderr).toContain('the same command goes on from what is there');
      expect(there.has('artifacts')).toBe(false);
      expect(readdirSync(path.join(there.root, '.repro/tmp'))).toEqual([]);

      there.write('repro.config.yaml', `remotes: { team: { ${place.declaration}, trust: anyone } }\n`);
      expect(await repro(there, place, 'pull', runOf(here))).toMatchObject({ code: 0, stderr: '' });
      expect((await there.repro('run')).stdout).toContain('(2 restored)');
    },
    300_000,
  );

  test.skipIf(!isHere)(
    `a run whose server goes in the middle computes what it does not get${needs}`,
    async () => {
      const place = await host!.place();
      if (place.through === null || host!.server === null) return;
      await using here = await clone(place.declaration);
      await here.repro('run');
      await repro(here, place, 'push');
      const fault = { way: 'down', after: (megabytes * 1e6) / 2, then: 'hanging up' } as const;
      await using proxy = await startProxy(host!.server, fault);
      await using there = await clone(place.through(proxy.url));
      const run = await repro(there, place, 'run', '--remote', 'team');
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toContain('2 stages (2 computed)');
      expect(run.stdout.match(/The remote does not help/g)).toHaveLength(1);
      expect((await there.repro('verify')).code).toBe(0);
      expect(readdirSync(path.join(there.root, '.repro/tmp'))).toEqual([]);
    },
    300_000,
  );
});

interface Pushing extends AsyncDisposable {
  readonly pid: number;
  readonly inTheMiddle: Promise<void>;
  readonly ended: Promise<unknown>;
}

/** A push that stops by itself where a half of the large file has gone over the line; into a folder, where it is begun. */
async function pushing(rig: Rig, place: RemotePlace, host: RemoteHost): Promise<Pushing> {
  if (place.through !== null && host.server !== null) {
    const fault = { way: 'up', after: (megabytes * 1e6) / 2, then: 'silence' } as const;
    const proxy = await startProxy(host.server, fault);
    rig.write('repro.config.yaml', `remotes: { team: { ${place.through(proxy.url)}, trust: anyone } }\n`);
    const { pid, result } = rig.startWith({ environment: place.environment }, 'push');
    const ended = result.then(() => {
      rig.write('repro.config.yaml', `remotes: { team: { ${place.declaration}, trust: anyone } }\n`);
    });
    return { pid, inTheMiddle: proxy.reached, ended, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
  }
  const push = rig.startWith({ environment: place.environment }, 'push');
  const { pid, result } = push;
  let hasEnded = false;
  void result.then(() => (hasEnded = true));
  const isWriting = (): boolean =>
    readdirSync(place.folder!, { recursive: true }).some((name) => String(name).includes('.part~'));
  const inTheMiddle = (async () => {
    for (;;) {
      if (hasEnded) throw new Error('It has ended before it was seen to write');
      if (isWriting()) {
        push.signal('SIGSTOP');
        if (isWriting()) return;
        push.signal('SIGCONT');
      }
      await delay(1);
    }
  })();
  return { pid, inTheMiddle, ended: result, [Symbol.asyncDispose]: () => Promise.resolve() };
}
