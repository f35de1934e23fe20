// A manifest and a tag in a remote, with each of their bytes flipped, cut short, or in each other's place: what comes is what
// was pushed, or nothing.
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildManifest } from '../../src/manifest/manifest.ts';
import { DirectoryRemote } from '../../src/remote/directory.ts';
import type { Trust } from '../../src/remote/envelope.ts';
import { Fetcher } from '../../src/remote/fetcher.ts';
import { thisPlatform } from '../../src/remote/keys.ts';
import { Pusher } from '../../src/remote/pusher.ts';
import { fetchManifest, fetchTag } from '../../src/remote/runs.ts';
import { readEnvironment } from '../../src/runner/environment.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { openStore } from '../../src/store/store.ts';
import { everyFlip, everyTruncation } from '../rig/damage.ts';
import { Rig } from '../rig/rig.ts';
import { sharedFiles } from '../rig/shared-project.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const { signal } = new AbortController();
const ours = generateKeyPairSync('ed25519');
/** Two runs of a project, each with a tag, and the directory that they were pushed to. */
class TwoRuns implements AsyncDisposable {
  readonly #directory = temporaryDirectory({});
  readonly at = this.#directory.path;
  readonly remote = new DirectoryRemote(this.at);
  readonly runs: { readonly id: string; readonly text: string }[] = [];
  readonly rig: Rig;
  readonly #fetcher: Fetcher;

  private constructor(rig: Rig, trust: Trust) {
    this.rig = rig;
    const store = openStore(rig.root);
    this.#fetcher = new Fetcher(this.remote, { store, trust, platforms: [thisPlatform()], signal });
  }

  static async push(trust: Trust): Promise<TwoRuns> {
    const two = new TwoRuns(await Rig.create(sharedFiles), trust);
    for (const tag of ['first', 'second']) await two.#push(tag);
    return two;
  }

  async #push(tag: string): Promise<void> {
    const overrides = { text: tag };
    const manifest = buildManifest(this.rig.plan(overrides), await this.rig.run({ overrides }), {
      pipelineDigest: digestBytes(this.rig.read('pipeline.yaml')),
      git: null,
      gitGaps: ['This is not in a git repository'],
      environment: readEnvironment(),
      references: new Map(),
    });
    const run = { manifest, text: canonicalJson(manifest), tags: [tag] };
    await new Pusher(this.remote, { store: openStore(this.rig.root), key: ours.privateKey, signal }).run(run);
    this.runs.push({ id: manifest.run.id, text: run.text });
  }

  /** The manifest that the first tag gives; where it gives none, why. */
  async first(): Promise<string> {
    try {
      const id = await fetchTag(this.#fetcher, 'first');
      return (await fetchManifest(this.#fetcher, id!))!.text;
    } catch (error) {
      expect(error).toMatchObject({ name: 'RemoteFault', kind: 'damaged' });
      return (error as Error).message;
    }
  }

  files(folder: 'tags' | 'manifests'): string[] {
    return readdirSync(path.join(this.at, 'v1', folder))
      .sort()
      .map((name) => path.join(this.at, 'v1', folder, name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
    this.#directory[Symbol.dispose]();
  }
}

/** While something else lies in the place of a file. */
async function replaced<T>(file: string, bytes: Uint8Array, act: () => Promise<T>): Promise<T> {
  const before = readFileSync(file);
  writeFileSync(file, bytes);
  try {
    return await act();
  } finally {
    writeFileSync(file, before);
  }
}

describe.each([
  ['signed', [ours.publicKey] as Trust],
  ['of anyone', 'anyone' as Trust],
])('%s', (_, trust) => {
  test.each([
    ['a tag', 'tags', 1],
    ['a manifest', 'manifests', 97],
  ] as const)(
    '%s that is flipped or cut at any place gives the run that was pushed, or none',
    async (_name, folder, step) => {
      await using two = await TwoRuns.push(trust);
      const { text } = two.runs[0]!;
      expect(await two.first()).toBe(text);
      const [file] = two.files(folder);
      const bytes = readFileSync(file!);
      let refused = 0;
      for (const harmed of [...everyFlip(bytes, step), ...everyTruncation(bytes, step)]) {
        const got = await replaced(file!, harmed, () => two.first());
        if (got === text) continue;
        expect(got).toContain(two.at);
        refused += 1;
      }
      expect(refused).toBeGreaterThan(bytes.length / step);
    },
  );

  test('a manifest or a tag in the place of another is refused by name', async () => {
    await using two = await TwoRuns.push(trust);
    const [first, second] = two.runs;
    const [tags, manifests] = [two.files('tags'), two.files('manifests')];
    const put = async (from: string | undefined, to: string | undefined): Promise<string> =>
      replaced(to!, readFileSync(from!), () => two.first());
    expect(await put(manifests[1], manifests[0])).toContain(`has run ${second!.id} as ${first!.id}`);
    expect(await put(tags[1], tags[0])).toContain('has tag "second" as "first"');
    expect(await put(tags[0], manifests[0])).toContain('is not a manifest in an envelope');
    expect(await put(manifests[0], tags[0])).toContain('is not a tag in an envelope');
  });
});
