// `repro export-model STAGE [MANIFEST]`: the models a stage wrote, for other programs, with a file beside them that says
// which run they are of. The files are copied bit for bit, so that their digests are still those of the manifest.
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { isRecorded, type RecordedStage } from '../manifest/lineage.ts';
import { traceOf } from '../manifest/trace.ts';
import { suggestion } from '../pipeline/suggest.ts';
import type { Manifest, ManifestStage } from '../schema/types.ts';
import { parseDigest } from '../store/digest.ts';
import { pathBelow } from '../store/path-below.ts';
import { openStore } from '../store/store.ts';
import { open } from './open.ts';
import type { ExportModelOptions } from './options.ts';
import { print, printJson } from './view/print.ts';
import { writeNamed, writeUsual } from './write-to.ts';

const MODEL = '.onnx';

export async function exportModelVerb(
  options: ExportModelOptions,
  id: string,
  name: string | undefined,
): Promise<ExitCode> {
  const project = open(options);
  const { manifest } = await project.manifest(name);
  const stage = stageWithModels(manifest, id);
  const models = modelsOf(stage);
  const store = openStore(project.root);
  const isNamed = options.output !== undefined;
  const folder = isNamed
    ? path.resolve(options.output)
    : pathBelow(store.fileSystem, path.join(store.root, 'models'), id);
  store.fileSystem.mkdirSync(folder, { recursive: true });
  for (const { file, digest } of models) {
    if (!(await store.objects.materialise(parseDigest(digest), path.join(folder, file)))) {
      throw new ReproError('missing-object', `The model "${file}" of "${id}" is no longer in the store`, {
        hint: `run it again: repro run ${stage.stage}`,
      });
    }
  }
  const description = describe(manifest, stage, models);
  const sidecar = path.join(folder, 'model.json');
  const text = `${JSON.stringify(description, null, 2)}\n`;
  if (isNamed) writeNamed(sidecar, text);
  else writeUsual(store.root, `models/${id}/model.json`, text);
  const shown = (file: string): string => path.relative(process.cwd(), path.join(folder, file));
  if (options.json) printJson({ folder: path.relative(process.cwd(), folder), ...description });
  else {
    for (const { file } of models) print(shown(file));
    print(`${shown('model.json')}  the run they are of: ${manifest.run.id}`);
  }
  return exitCode.ok;
}

interface ModelFile {
  /** Named after the output, which is unique where the names of files are not. */
  readonly file: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

function modelsOf({ record }: ManifestStage): ModelFile[] {
  return Object.entries(record?.outputs ?? {}).flatMap(([output, { kind, path: written, digest, sizeBytes }]) =>
    kind === 'file' && written.endsWith(MODEL) ? [{ file: path.basename(output) + MODEL, digest, sizeBytes }] : [],
  );
}

/** The stage (a cell, such as `train[replicate=0]`) of a run. Throws a usage error that names those that have models. */
function stageWithModels(manifest: Manifest, id: string): RecordedStage {
  const stage = manifest.stages.find((candidate) => candidate.id === id);
  if (stage !== undefined && isRecorded(stage) && modelsOf(stage).length > 0) return stage;
  const able = manifest.stages.filter((candidate) => modelsOf(candidate).length > 0).map((candidate) => candidate.id);
  if (stage === undefined) {
    const cells = manifest.stages.filter((cell) => cell.stage === id && able.includes(cell.id)).map((cell) => cell.id);
    if (cells.length > 0)
      throw new ReproError('no-model', `Models are of one cell, and "${id}" has ${cells.length} with models`, {
        exit: exitCode.usage,
        hint: `name one of them, such as ${cells.slice(0, 3).join(', ')}`,
      });
  }
  const why =
    stage === undefined
      ? `has no stage "${id}"`
      : stage.record === undefined
        ? `has no result of "${id}"`
        : `has no model in the outputs of "${id}": it writes no ${MODEL} file`;
  throw new ReproError('no-model', `Run ${manifest.run.id} ${why}`, {
    exit: exitCode.usage,
    hint:
      suggestion(id, able) ??
      (able.length > 0 ? `stages with models: ${able.join(', ')}` : `a stage has one when an output ends in ${MODEL}`),
  });
}

function describe(manifest: Manifest, stage: RecordedStage, models: readonly ModelFile[]) {
  const { preimage, numbers } = stage.record;
  return { ...traceOf(manifest, stage), seed: preimage.seed, params: preimage.params, numbers, files: models };
}
