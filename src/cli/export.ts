// `repro export ro-crate|in-toto [MANIFEST]`: a run in the formats of archives and of supply-chain tools.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { inTotoType, signEnvelope } from '../manifest/exports/dsse.ts';
import { provenanceStatements } from '../manifest/exports/in-toto.ts';
import { roCrate } from '../manifest/exports/ro-crate.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { open } from './open.ts';
import type { ExportOptions } from './options.ts';
import { print, printJson } from './view/print.ts';
import { readKeyFile } from '../project/key-file.ts';
import { attestationFile } from '../project/places.ts';
import { writeNamed, writeUsual } from './write-to.ts';

export async function exportVerb(
  options: ExportOptions,
  format: 'ro-crate' | 'in-toto',
  name: string | undefined,
): Promise<ExitCode> {
  const project = open(options);
  const { manifest, digest } = await project.manifest(name);
  let text: string;
  if (format === 'ro-crate') {
    text = `${JSON.stringify(roCrate(manifest, options.license ?? (await declaredLicense(project.root))), null, 2)}\n`;
  } else {
    const key = options.key === undefined ? null : await readKeyFile(options.key, 'private');
    const lines = provenanceStatements(manifest, digest).map(({ statement }) => {
      const payload = canonicalJson(statement);
      return key === null ? payload : canonicalJson(signEnvelope(payload, inTotoType, key));
    });
    text = lines.map((line) => `${line}\n`).join('');
  }
  const usual = format === 'ro-crate' ? 'ro-crate-metadata.json' : attestationFile;
  const written =
    options.output === undefined ? writeUsual(project.root, usual, text) : writeNamed(options.output, text);
  if (options.json) printJson({ run: manifest.run.id, written });
  else print(written);
  return exitCode.ok;
}

/** The license of the project's package.json, which an RO-Crate must name. */
async function declaredLicense(root: string): Promise<string> {
  const text = await readFile(path.join(root, 'package.json'), 'utf8').catch(() => '{}');
  const { license } = JSON.parse(text) as { license?: unknown };
  return typeof license === 'string' ? `https://spdx.org/licenses/${license}` : 'The license is not stated';
}
