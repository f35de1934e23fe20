// `repro export ro-crate|in-toto [MANIFEST]`: a run in the formats of archives and of supply-chain tools.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { inTotoType, readKey, signEnvelope } from '../manifest/exports/dsse.ts';
import { provenanceStatements } from '../manifest/exports/in-toto.ts';
import { roCrate } from '../manifest/exports/ro-crate.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { print, printJson } from './view/print.ts';
import { loadManifest } from '../project/named-manifest.ts';
import { projectRoot, type ProjectOptions } from '../project/places.ts';
import { readBounded } from '../project/read-bounded.ts';
import { writeNamed, writeUsual } from './write-to.ts';

export interface ExportOptions extends ProjectOptions {
  readonly json?: boolean;
  readonly output?: string;
  /** Path of a private key, for in-toto. */
  readonly key?: string;
  /** For ro-crate. */
  readonly license?: string;
}

/** Where `verify --key` looks for them, relative to the project. */
export const attestationFile = path.join('artifacts', 'provenance.intoto.jsonl');

export async function exportVerb(
  options: ExportOptions,
  format: 'ro-crate' | 'in-toto',
  name: string | undefined,
): Promise<ExitCode> {
  const { manifest, digest } = await loadManifest(options, name ?? 'latest');
  const root = projectRoot(options);
  let text: string;
  if (format === 'ro-crate') {
    text = `${JSON.stringify(roCrate(manifest, options.license ?? (await declaredLicense(root))), null, 2)}\n`;
  } else {
    const key = options.key === undefined ? null : await readKeyFile(options.key, 'private');
    const lines = provenanceStatements(manifest, digest).map(({ statement }) => {
      const payload = canonicalJson(statement);
      return key === null ? payload : canonicalJson(signEnvelope(payload, inTotoType, key));
    });
    text = lines.map((line) => `${line}\n`).join('');
  }
  const usual = format === 'ro-crate' ? 'ro-crate-metadata.json' : attestationFile;
  const written = options.output === undefined ? writeUsual(root, usual, text) : writeNamed(options.output, text);
  if (options.json) printJson({ run: manifest.run.id, written });
  else print(written);
  return exitCode.ok;
}

export async function readKeyFile(file: string, kind: 'private' | 'public') {
  const pem = await readBounded(file, file, 'given');
  if (pem === null) throw new ReproError('no-key', `There is no key "${file}"`, { exit: exitCode.usage });
  return readKey(pem.toString('utf8'), kind, file);
}

/** The license of the project's package.json, which an RO-Crate must name. */
async function declaredLicense(root: string): Promise<string> {
  const text = await readFile(path.join(root, 'package.json'), 'utf8').catch(() => '{}');
  const { license } = JSON.parse(text) as { license?: unknown };
  return typeof license === 'string' ? `https://spdx.org/licenses/${license}` : 'The license is not stated';
}
