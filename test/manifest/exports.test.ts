// Exports against the rules of their formats: in-toto Statement v1 and SLSA v1, DSSE, and the Provenance Run Crate profile.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { openEnvelope, preAuthentication, readKey, signEnvelope } from '../../src/manifest/dsse.ts';
import { provenanceStatements } from '../../src/manifest/export-in-toto.ts';
import { type Entity, roCrate } from '../../src/manifest/export-ro-crate.ts';
import { verifyAttestations } from '../../src/manifest/verify-attestations.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { digestOf, sketchManifest, sketchStage } from './sample.ts';

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

test('provenanceStatements() are in-toto statements with SLSA provenance, one for each stage', async () => {
  const statements = provenanceStatements(manifest);
  expect(statements.map(({ stage }) => stage)).toEqual(['data', 'train[replicate=0]', 'quiet']);
  for (const { statement } of statements) {
    expect(statement._type).toBe('https://in-toto.io/Statement/v1');
    expect(statement.subject.length).toBeGreaterThan(0);
    for (const { name, digest } of statement.subject) {
      expect(name).toBeTruthy();
      expect(Object.values(digest)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    }
    expect(statement.predicate).toMatchObject({
      buildDefinition: {
        buildType: expect.stringMatching(/^\w+:/),
        externalParameters: { stage: expect.any(String) },
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
});

test('verifyAttestations() finds statements that are missing, altered, foreign, or not of this manifest', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const type = 'application/vnd.in-toto+json';
  const lines = provenanceStatements(manifest).map(({ statement }) =>
    canonicalJson(signEnvelope(canonicalJson(statement), type, privateKey)),
  );
  const messages = (given: readonly string[], of = manifest) =>
    verifyAttestations(of, given, publicKey).map(({ stage, message }) => `${stage}: ${message}`);
  expect(messages(lines)).toEqual([]);
  expect(messages(lines.slice(1))).toEqual(['data: No signed statement says what the manifest says of it']);
  expect(messages([...lines, 'no json', '{}'])).toEqual([
    '*: line 4 of the attestations is not a signed in-toto envelope',
    '*: line 5 of the attestations is not a signed in-toto envelope',
  ]);
  const foreign = canonicalJson(signEnvelope('{}', type, generateKeyPairSync('ed25519').privateKey));
  expect(messages([...lines, foreign])).toEqual([
    '*: line 4 of the attestations is not signed by this key, or was altered',
  ]);
  const edited = structuredClone(manifest);
  edited.stages[1]!.record!.numbers['loss']!.value = 0.4;
  expect(messages(lines, edited)).toEqual([
    'train[replicate=0]: No signed statement says what the manifest says of it',
    '*: 1 signed statements are of no stage of this manifest',
  ]);
});

const crate = roCrate(manifest, 'https://spdx.org/licenses/MIT');
const byId = new Map(crate['@graph'].map((entity) => [entity['@id'], entity]));
const typed = (type: string) => crate['@graph'].filter((entity) => [entity['@type']].flat().includes(type));
const ids = (value: unknown) => [value ?? []].flat().map((each) => (each as { '@id': string })['@id']);
const linked = (value: unknown): Entity[] => ids(value).map((id) => byId.get(id)!);

test('roCrate() is an RO-Crate 1.1: a descriptor, a root, one entity for each id, and nothing that leads nowhere', () => {
  expect(byId.size).toBe(crate['@graph'].length);
  expect(byId.get('ro-crate-metadata.json')).toMatchObject({ '@type': 'CreativeWork', about: { '@id': './' } });
  expect(ids(byId.get('ro-crate-metadata.json')!['conformsTo'])).toContain('https://w3id.org/ro/crate/1.1');
  const root = byId.get('./')!;
  for (const key of ['name', 'description', 'datePublished', 'license']) expect(root[key], key).toBeTruthy();
  const outside = /^(https?:\/\/(w3id|spdx|schema|bioschemas)\.org|http:\/\/schema\.org)/;
  for (const entity of crate['@graph']) {
    for (const value of Object.values(entity).flat()) {
      const id = (value as { '@id'?: string } | null)?.['@id'];
      if (id !== undefined && !byId.has(id)) expect(id).toMatch(outside);
    }
  }
  const files = typed('File')
    .map((file) => file['@id'])
    .filter((id) => !/^(#|https?:)/.test(id));
  expect(files).toContain('raw%20data.csv');
  expect(ids(root['hasPart'])).toEqual(expect.arrayContaining(files));
});

test('roCrate() follows the Provenance Run Crate profile', () => {
  const root = byId.get('./')!;
  const profiles = ['process', 'workflow', 'provenance'].map((name) => `https://w3id.org/ro/wfrun/${name}/0.5`);
  expect(ids(root['conformsTo'])).toEqual(expect.arrayContaining(profiles));
  for (const id of ids(root['conformsTo']))
    expect(byId.get(id)).toMatchObject({ '@type': 'CreativeWork', version: expect.any(String) });

  const [workflow] = linked(root['mainEntity']);
  expect(workflow!['@type']).toEqual(
    expect.arrayContaining(['File', 'SoftwareSourceCode', 'ComputationalWorkflow', 'HowTo']),
  );
  expect(linked(workflow!['programmingLanguage'])[0]).toMatchObject({ '@type': 'ComputerLanguage' });
  const tools = linked(workflow!['hasPart']);
  expect(tools.map((tool) => tool['@type'])).toEqual([
    'SoftwareApplication',
    'SoftwareApplication',
    'SoftwareApplication',
  ]);
  const steps = linked(workflow!['step']);
  for (const step of steps) {
    expect(step).toMatchObject({ '@type': 'HowToStep', position: expect.any(String) });
    expect(tools).toContain(linked(step['workExample'])[0]);
  }
  for (const parameter of [...linked(workflow!['input']), ...linked(workflow!['output'])]) {
    expect(parameter).toMatchObject({
      '@type': 'FormalParameter',
      additionalType: expect.any(String),
      name: expect.any(String),
    });
  }

  const [organize] = typed('OrganizeAction');
  expect(linked(organize!['instrument'])[0]).toMatchObject({ '@type': 'SoftwareApplication' });
  const [run] = linked(organize!['result']);
  expect(run).toMatchObject({ '@type': 'CreateAction', startTime: expect.any(String), endTime: expect.any(String) });
  expect(linked(run!['instrument'])).toEqual([workflow]);
  const controls = linked(organize!['object']);
  expect(controls.map((control) => linked(control['instrument'])[0])).toEqual(steps);
  const actions = controls.flatMap((control) => linked(control['object']));
  expect(actions).toHaveLength(manifest.stages.length);
  expect(ids(root['mentions'])).toEqual([run!['@id'], ...actions.map((action) => action['@id'])]);
  for (const action of actions) {
    expect(action).toMatchObject({
      '@type': 'CreateAction',
      name: expect.any(String),
      actionStatus: expect.anything(),
    });
    expect(tools).toContain(linked(action['instrument'])[0]);
    for (const item of [...linked(action['object']), ...linked(action['result'])]) {
      expect(['File', 'Dataset', 'PropertyValue']).toContain(item['@type']);
      expect(item['name']).toBeTruthy();
    }
  }
  const train = actions[1]!;
  expect(ids(train['object'])).toContain('artifacts/data/d.bin');
  expect(linked(train['result'])).toMatchObject([{ name: 'train[replicate=0].loss', value: 0.5, unitText: 'nats' }]);
});

test('roCrate() can be read', async () => {
  await expect(`${JSON.stringify(crate, null, 2)}\n`).toMatchFileSnapshot('../golden/exports/ro-crate-metadata.json');
});
