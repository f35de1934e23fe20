// A trained CDM as a page that runs it in the reader's browser: one file, opened from disk, with the weights, the code that
// trained them, some test images, and what the pipeline says of these.
import { readFileSync, writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { bitsPerDim8Bit } from '../src/diffusion/likelihood.ts';
import { compileModel } from '../src/models/compiled.ts';
import { labelsOf, testImages } from '../src/models/images.ts';
import { frequenciesOf } from '../src/models/labels.ts';
import { classifierOf, logDensityProgram, readModel } from '../src/models/model.ts';
import { bundlePage, wasmBinary } from '../src/play/bundle.ts';
import { pageDocument } from '../src/play/document.ts';
import { createHash } from '../src/play/page/node/crypto.ts';
import { encodeContents, files, type SamplingDefaults } from '../src/play/page/contents.ts';
import { runStage, type RandomStream, type Stage } from '../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';

interface Params extends RuntimeParams {
  readonly sampling: SamplingDefaults;
}

const BATCH = 100;
/** Test images that the page carries; the likelihoods of all are in its histogram. */
const CARRIED = 100;

await runStage<Params>(async (stage) => {
  const { shape, source, labels, ...dataset } = readDataset(stage.input('dataset'));
  if (dataset.kind !== '8-bit') throw new Error(`The page shows and draws images of 8 bits, not numbers: ${source}`);
  const dim = dimOf(shape);
  const { atClean, atFirst, backend } = await logDensities(stage, {
    shape,
    source,
    ...dataset,
    ...(labels && { labels }),
  });

  const bits = Array.from(atClean, (value) => bitsPerDim8Bit(value, dim));
  stage.reportMean('nll', bits, { unit: 'bits/dim', better: 'lower', note: 'Eq. 10 at t = 0, of all test images' });
  const rows = Array.from(atClean, (value, i) => [i, value, atFirst[i]!]);
  writeFileSync(stage.output('likelihoods'), csvText(['image', 'log_density', 'log_density_t1'], rows));

  const contents = encodeContents({
    shape,
    source,
    pixels: dataset.test.subarray(0, CARRIED * dim),
    ...(labels && { labels: labels.test.subarray(0, CARRIED), frequencies: Array.from(frequenciesOf(labels)) }),
    logDensities: atClean,
    logDensitiesFirst: atFirst,
    stream: dequantization(stage),
    made: {
      stage: stage.name,
      cell: stage.cell,
      seed: stage.seed,
      modelDigest: digestOf(stage.input('model')),
      datasetDigest: digestOf(stage.input('dataset')),
      backend,
    },
    sampling: stage.params.sampling,
  });
  const script = await bundlePage((input) => stage.input(input), stage.scratch);
  const carried = {
    [files.model]: readFileSync(stage.input('model')),
    [files.contents]: contents,
    [files.wasm]: await wasmBinary(),
  };
  const page = pageDocument(script, carried, `A classification diffusion model of ${stage.cell['set'] ?? 'images'}`);
  writeFileSync(stage.output('page'), page);
  stage.report('page-size', { value: Buffer.byteLength(page), unit: 'bytes', kind: 'exact', better: 'lower' });
});

/** log p_0 and log p_1 of the test images as the stage of one-shot likelihoods has them; of a conditional model given their labels. */
async function logDensities(
  stage: Stage<Params>,
  dataset: Dataset,
): Promise<{ atClean: Float32Array; atFirst: Float32Array; backend: string }> {
  const model = readModel(stage.input('model'));
  const isConditional = classifierOf(model.spec).labels !== undefined;
  const labels = isConditional ? Int32Array.from(labelsOf(dataset).test) : undefined;
  const backend = await openStageBackend(stage);
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const x = testImages(dataset, dequantization(stage));
  const atClean = await logDensity.evaluate(x, 0, labels);
  const atFirst = await logDensity.evaluate(x, 1, labels);
  await logDensity.dispose();
  return { atClean, atFirst, backend: backend.description };
}

/** By the name that it has in the stage of one-shot likelihoods: of one seed, the images are the same. */
function dequantization(stage: Stage): RandomStream {
  return stage.stream('one-shot-nll/dequantization');
}

function digestOf(path: string): string {
  return `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}
