// Exports against the rules of their formats: in-toto Statement v1 and SLSA v1, DSSE, and the Provenance Run Crate profile.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openEnvelope, preAuthentication, readKey, signEnvelope } from '../../src/manifest/exports/dsse.ts';
import { provenanceStatements } from '../../src/manifest/exports/in-toto.ts';
import { type RoCrate, roCrate } from '../../src/manifest/exports/ro-crate.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import type { ManifestStage } from '../../src/schema/types.ts';
import { verifyAttestations } from '../../src/manifest/exports/verify-attestations.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { EnvironmentKey } from '../../src/store/environment-key.ts';
import { Graph, rules } from './ro-crate-rules.ts';
import { digestOf, sketchManifest, sketchStage } from './sample.ts';

const keyedDigest = new EnvironmentKey(Buffer.alloc(32, 1)).digest('HF_HOME', '/cache');

const manifest = sketchManifest([
  sketchStage({
    id: 'data',
    inputs: {
      raw: { source: 'raw data.csv', digest: digestOf('raw') },
      web: { source: 'https://example.org/x', digest: digestOf('web') },
    },
    outputs: { dataset: { path: 'd.bin', digest: digestOf('dataset') } },
  }),
  sketchStage({
    id: 'train[replicate=0]',
    cell: { replicate: 0 },
    dependsOn: ['data'],
    inputs: { dataset: { source: 'data.dataset', digest: digestOf('dataset') } },
    params: { training: { steps: 100, mult: [1, 2] } },
    packages: { '@scope/pkg@1.0.0': `sha512-${Buffer.from('integrity').toString('base64')}` },
    numbers: { loss: { value: 0.5, unit: 'nats', kind: 'estimate', standardError: 0.01 } },
    restored: true,
  }),
  sketchStage({ id: 'quiet' }),
]);

/** Of the manifest's file. */
const fileDigest = digestOf('file');

test('provenanceStatements() are in-toto statements with SLSA provenance, one for the manifest and one for each stage', async () => {
  const statements = provenanceStatements(manifest, fileDigest);
  expect(statements.map(({ stage }) => stage)).toEqual([null, 'data', 'train[replicate=0]', 'quiet']);
  expect(statements[0]!.statement.subject).toEqual([
    { name: `${manifest.run.id}.json`, digest: { sha256: fileDigest.slice('sha256:'.length) } },
  ]);
  for (const { stage, statement } of statements) {
    expect(statement._type).toBe('https://in-toto.io/Statement/v1');
    expect(statement.subject.length).toBeGreaterThan(0);
    for (const { name, digest } of statement.subject) {
      expect(name).toBeTruthy();
      expect(Object.values(digest)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    }
    expect(statement.predicate).toMatchObject({
      buildDefinition: {
        buildType: expect.stringMatching(/^\w+:/),
        externalParameters: stage === null ? { pipeline: 'pipeline.yaml' } : { stage: expect.any(String) },
        resolvedDependencies: expect.arrayContaining([{ name: 'git', digest: { gitCommit: manifest.git!.commit } }]),
      },
      runDetails: {
        builder: { id: expect.stringMatching(/^\w+:/) },
        metadata: { invocationId: expect.any(String), startedOn: expect.any(String), finishedOn: expect.any(String) },
      },
    });
  }
  const text = `${JSON.stringify(
    statements.map(({ statement }) => statement),
    null,
    2,
  )}\n`;
  await expect(text).toMatchFileSnapshot('../golden/exports/statements.json');
});

test('roCrate() takes the digest of an input of unknown source, a file or a directory, for no checksum', () => {
  const digests = (stage: ManifestStage): unknown[] =>
    roCrate(sketchManifest([stage]), 'MIT')['@graph'].flatMap(({ name, sha256 }) => (name === 'raw' ? [sha256] : []));
  const stage = sketchStage({ id: 'data', inputs: { raw: { source: 'raw', digest: digestOf('raw') } } });
  expect(digests(stage)).toEqual([digestOf('raw').slice('sha256:'.length)]);
  expect(digests({ ...stage, sources: {} })).toEqual([undefined]);
});

test('a DSSE envelope opens with its key only, and unaltered only', () => {
  // The example of the specification's protocol page.
  expect(preAuthentication('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
  const [ours, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const envelope = signEnvelope('{"é":1}', 'text/x', ours.privateKey);
  expect(openEnvelope(envelope, ours.publicKey)).toBe('{"é":1}');
  expect(openEnvelope(envelope, other.publicKey)).toBeNull();
  expect(openEnvelope({ ...envelope, payloadType: 'text/y' }, ours.publicKey)).toBeNull();
  expect(openEnvelope({ ...envelope, payload: Buffer.from('{}').toString('base64') }, ours.publicKey)).toBeNull();
  expect(() => readKey('no key', 'private', 'k.pem')).toThrow('not a private ed25519 key');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
  expect(() => readKey(String(rsa), 'public', 'k.pem')).toThrow('not a public ed25519 key');
  // Of a private key, a public one can be had: whoever lists it by mistake has published what signs.
  const secret = String(ours.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  expect(() => readKey(secret, 'public', 'k.pem')).toThrow('not a public ed25519 key');
});

test('verifyAttestations() finds statements that are missing, altered, foreign, or not of this manifest', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const type = 'application/vnd.in-toto+json';
  const lines = provenanceStatements(manifest, fileDigest).map(({ statement }) =>
    canonicalJson(signEnvelope(canonicalJson(statement), type, privateKey)),
  );
  const messages = (given: readonly string[], of = manifest, digest = fileDigest) =>
    verifyAttestations(of, digest, `${given.join('\n')}\n`, publicKey).map(
      ({ stage, message }) => `${stage}: ${message}`,
    );
  expect(messages(lines)).toEqual([]);
  expect(messages(lines.slice(0, 1).concat(lines.slice(2)))).toEqual([
    'data: No signed statement says what the manifest says of it',
  ]);
  const unsigned = `No signed statement is of this manifest, which has the digest`;
  expect(messages(lines.slice(1))).toEqual([`*: ${unsigned} ${fileDigest}`]);
  expect(messages(lines, manifest, digestOf('edited'))).toEqual([
    `*: ${unsigned} ${digestOf('edited')}`,
    '*: 1 signed statements are of nothing in this manifest',
  ]);
  const noEnvelope = 'of the attestations is not a signed in-toto envelope';
  const twice = lines[0]!.replace('{', '{"payload":"e30=",');
  expect(messages([...lines, 'no json', '{}', 'null', '[1]', '{"payload":"","signatures":[null]}', twice])).toEqual([
    `*: line 5 ${noEnvelope}: it is not JSON`,
    `*: line 6 ${noEnvelope}: it has no payload with signatures`,
    `*: line 7 ${noEnvelope}: it has no payload with signatures`,
    `*: line 8 ${noEnvelope}: it has no payload with signatures`,
    `*: line 9 ${noEnvelope}: its payload is not of the type ${type}`,
    `*: line 10 ${noEnvelope}: an object has two members of the name "payload" (line 1, column 19)`,
  ]);
  const foreign = canonicalJson(signEnvelope('{}', type, generateKeyPairSync('ed25519').privateKey));
  expect(messages([...lines, foreign])).toEqual([
    '*: line 5 of the attestations is not signed by this key, or was altered',
  ]);
  const edited = structuredClone(manifest);
  edited.stages[1]!.record!.numbers['loss']!.value = 0.4;
  expect(messages(lines, edited)).toEqual([
    'train[replicate=0]: No signed statement says what the manifest says of it',
    '*: 1 signed statements are of nothing in this manifest',
  ]);
});

const license = 'https://spdx.org/licenses/MIT';
const crate = roCrate(manifest, license);

function failedStage(id: string, dependsOn: string[] = []): ManifestStage {
  const { record: _, ...stage } = sketchStage({ id, dependsOn });
  return { ...stage, status: 'failed' };
}

/** Names that must be escaped, a directory, a file that two stages read, a variable; a stage without a result. */
const awkward = sketchManifest([
  sketchStage({
    id: 'data',
    inputs: {
      folder: { source: 'more data/', digest: digestOf('folder') },
      shared: { source: 'a#b?c:d "e".csv', digest: digestOf('shared') },
      elsewhere: { source: '/mnt/raw.bin', digest: digestOf('elsewhere') },
      absent: { source: 'absent', digest: null },
    },
    outputs: { dataset: { path: 'd #1.bin', digest: digestOf('dataset') } },
  }),
  sketchStage({
    id: 'use',
    dependsOn: ['data'],
    inputs: {
      dataset: { source: 'data.dataset', digest: digestOf('dataset') },
      shared: { source: 'a#b?c:d "e".csv', digest: digestOf('shared') },
    },
    env: { HF_HOME: keyedDigest, UNSET: null },
    outputs: { kept: { path: 'k.bin', digest: digestOf('kept') } },
    published: null,
  }),
  failedStage('failed', ['use']),
]);
const nothing = sketchManifest([failedStage('failed')]);

const reference = new URL('../../artifacts/reference/default.json', import.meta.url);
const experiment = readManifest(readFileSync(reference, 'utf8'), 'default.json');

const crates: [string, RoCrate][] = [
  ['a run', crate],
  ['awkward names and a failure', roCrate(awkward, license)],
  ['the experiment of this repository', roCrate(experiment, license)],
  ['a license in words', roCrate(awkward, 'Ask the authors')],
];

describe.each(rules)('$profile $level: $says', ({ broken, spoil }) => {
  test.each(crates)('%s', (_, each) => {
    expect(broken(new Graph(each))).toEqual([]);
    const spoilt = new Graph(each);
    spoil(spoilt);
    expect(broken(spoilt).length).toBeGreaterThan(0);
  });
});

test('roCrate() of a run in which nothing succeeded has no action below the run, and breaks no rule', () => {
  const graph = new Graph(roCrate(nothing, license));
  expect(rules.flatMap(({ broken }) => broken(graph))).toEqual([]);
  expect(graph.typed('ControlAction', 'OrganizeAction')).toEqual([]);
});

test('roCrate() has what a run read, gave and was set to', () => {
  const graph = new Graph(roCrate(awkward, license));
  const shared = graph.get('a%23b%3Fc%3Ad%20%22e%22.csv');
  expect(graph.ids(shared['exampleOfWork'])).toEqual(['#input/data.shared', '#input/use.shared']);
  expect(graph.get('more%20data/')).toMatchObject({ '@type': 'Dataset' });
  expect(graph.get('#data/data.elsewhere')).toMatchObject({ '@type': 'CreativeWork', name: '/mnt/raw.bin' });
  expect(graph.entities.filter(({ name }) => name === 'absent')).toEqual([]);
  const use = graph.get('#action/use');
  expect(graph.linked(use, 'environment')).toMatchObject([{ name: 'HF_HOME', value: keyedDigest }]);
  expect(graph.ids(use['object'])).toContain('artifacts/data/d%20%231.bin');
  expect(graph.linked(use, 'result')).toMatchObject([{ '@type': 'CreativeWork', name: 'k.bin' }]);
  const train = new Graph(crate).get('#action/train%5Breplicate%3D0%5D');
  expect(new Graph(crate).linked(train, 'result')).toMatchObject([
    { name: 'train[replicate=0].loss', value: 0.5, unitText: 'nats' },
  ]);
});

test('roCrate() can be read', async () => {
  await expect(`${JSON.stringify(crate, null, 2)}\n`).toMatchFileSnapshot('../golden/exports/ro-crate-metadata.json');
});
