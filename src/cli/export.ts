// `repro export FORMAT [MANIFEST…]`: runs in the formats of archives, of supply-chain tools and of trackers of experiments.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { curvesOf, type StageCurve } from '../manifest/curves.ts';
import { curvesTable } from '../manifest/exports/curves-table.ts';
import { inTotoType, signEnvelope } from '../manifest/exports/dsse.ts';
import { provenanceStatements } from '../manifest/exports/in-toto.ts';
import { mlflowFiles } from '../manifest/exports/mlflow.ts';
import { roCrate } from '../manifest/exports/ro-crate.ts';
import { tensorboardFiles } from '../manifest/exports/tensorboard.ts';
import type { Manifest } from '../schema/types.ts';
import { writeBeside } from '../store/atomic-write.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { parseDigest } from '../store/digest.ts';
import { nodeFileSystem } from '../store/file-system.ts';
import { openStore } from '../store/store.ts';
import { open } from './open.ts';
import type { exportFormats, ExportOptions } from './options.ts';
import { print, printJson } from './view/print.ts';
import { readKeyFile } from '../project/key-file.ts';
import type { NamedManifest } from '../project/named-manifest.ts';
import { attestationFile } from '../project/places.ts';
import { writeNamed, writeUsual } from './write-to.ts';

type Format = (typeof exportFormats)[number];

export async function exportVerb(options: ExportOptions, format: Format, names: readonly string[]): Promise<ExitCode> {
  const project = open(options);
  const found = await Promise.all((names.length === 0 ? ['latest'] : names).map((name) => project.manifest(name)));
  const manifests = found.map(({ manifest }) => manifest);
  const written = await exportAs(format, options, project.root, found);
  const runs = manifests.map(({ run }) => run.id);
  if (options.json) printJson({ run: runs[0], ...(runs.length > 1 && { runs }), written });
  else print(written);
  return exitCode.ok;
}

/** Writes it, and gives the path. */
async function exportAs(
  format: Format,
  options: ExportOptions,
  root: string,
  found: readonly NamedManifest[],
): Promise<string> {
  const write = (usual: string, text: string) =>
    options.output === undefined ? writeUsual(root, usual, text) : writeNamed(options.output, text);
  if (format === 'mlflow' || format === 'tensorboard' || format === 'curves') {
    const { objects } = openStore(root);
    const runs = found.map(
      ({ manifest }) => [manifest, curvesOf(manifest, (digest) => objects.readBytes(parseDigest(digest)))] as const,
    );
    if (format === 'curves') return write('artifacts/curves.csv', curvesTable(runs));
    const folder = (usual: string) => path.resolve(options.output ?? path.join(root, usual));
    if (format === 'tensorboard') return writeBelow(folder('tensorboard'), await tensorboardFilesOf(runs));
    return writeBelow(folder('mlruns'), mlflowFilesOf(runs, folder('mlruns')));
  }
  const [first, second] = found;
  if (second !== undefined) {
    throw new ReproError('bad-usage', `An export as ${format} is of one run`, {
      exit: exitCode.usage,
      hint: 'name one manifest; mlflow, tensorboard and curves take several',
    });
  }
  const { manifest, digest } = first!;
  if (format === 'ro-crate') {
    const crate = roCrate(manifest, options.license ?? (await declaredLicense(root)));
    return write('ro-crate-metadata.json', `${JSON.stringify(crate, null, 2)}\n`);
  }
  const key = options.key === undefined ? null : await readKeyFile(options.key, 'private');
  const lines = provenanceStatements(manifest, digest).map(({ statement }) => {
    const payload = canonicalJson(statement);
    return key === null ? payload : canonicalJson(signEnvelope(payload, inTotoType, key));
  });
  return write(attestationFile, lines.map((line) => `${line}\n`).join(''));
}

type RunWithCurves = readonly [Manifest, readonly StageCurve[]];
type Files = readonly (readonly [name: string, content: string | Uint8Array])[];

function mlflowFilesOf(runs: readonly RunWithCurves[], folder: string): Files {
  return runs.flatMap(([manifest, curves]) => [...mlflowFiles(manifest, curves, folder)]);
}

async function tensorboardFilesOf(runs: readonly RunWithCurves[]): Promise<Files> {
  const files = await Promise.all(runs.map(async (run) => [...(await tensorboardFiles(...run))]));
  if (files.flat().length > 0) return files.flat();
  throw new ReproError('no-curves', 'No stage printed metrics with its progress', {
    hint: `a stage prints lines such as ::repro progress {"step":1,"metrics":{"loss":0.5}}`,
  });
}

/** Into a folder that others may have written to as well: only these files are written. */
function writeBelow(folder: string, files: Files): string {
  for (const [name, content] of files) writeBeside(nodeFileSystem, path.join(folder, name), content);
  return path.relative(process.cwd(), folder);
}

/** The license of the project's package.json, which an RO-Crate must name. */
async function declaredLicense(root: string): Promise<string> {
  const text = await readFile(path.join(root, 'package.json'), 'utf8').catch(() => '{}');
  const { license } = JSON.parse(text) as { license?: unknown };
  return typeof license === 'string' ? `https://spdx.org/licenses/${license}` : 'The license is not stated';
}
