// Exports by the real command: a crate beside the pipeline, and signed provenance that verify holds against the manifest.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { quickProject } from './quick-project.ts';

test('export writes a crate, and statements that verify --key accepts until a number is edited', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await using project = await Rig.create({
    ...quickProject,
    'package.json': '{"license":"MIT"}',
    'key.pem': String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    'key.pub.pem': String(publicKey.export({ type: 'spki', format: 'pem' })),
  });
  await project.repro('run');
  expect(await project.repro('export', 'ro-crate')).toMatchObject({ code: 0, stdout: 'ro-crate-metadata.json\n' });
  expect(project.read('ro-crate-metadata.json')).toContain('https://spdx.org/licenses/MIT');

  const signed = await project.repro('export', 'in-toto', '--key', 'key.pem');
  expect(signed).toMatchObject({ code: 0, stdout: 'artifacts/provenance.intoto.jsonl\n' });
  expect(project.read('artifacts/provenance.intoto.jsonl').trimEnd().split('\n')).toHaveLength(4);
  const verified = await project.repro('verify', '--key', 'key.pub.pem');
  expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 });
  expect((await project.repro('verify', '--key', 'key.pem.gone')).code).toBe(2);

  // Every copy of the number, so that the manifest agrees with itself.
  const manifest = project.read('artifacts/manifest.json').replaceAll('"value":0.12', '"value":0.02');
  project.write('edited.json', manifest);
  const edited = await project.repro('verify', 'edited.json', '--key', 'key.pub.pem');
  expect(edited.code).toBe(4);
  expect(edited.stdout).toContain(
    'inconsistent measure[replicate=2]: No signed statement says what the manifest says of it',
  );
});
