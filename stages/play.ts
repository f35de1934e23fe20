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
  const dataset = readDataset(stage.input('dataset'));
  const { shape, source, labels } = dataset;
  if (dataset.kind !== '8-bit') throw new Error(`The page shows and draws images of 8 bits, not numbers: ${source}`);
  const dim = dimOf(shape);
  const isGiven = stage.inputNames.includes('likelihoods');
  const { atClean, atFirst, seed, madeBy } = isGiven ? givenLikelihoods(stage) : await ownLikelihoods(stage, dataset);
  const count = dataset.test.length / dim;
  if (atClean.length !== count) {
    throw new Error(`The likelihoods are of ${atClean.length} images, and the data set has ${count} to test with`);
  }

  const contents = encodeContents({
    shape,
    source,
    pixels: dataset.test.subarray(0, CARRIED * dim),
    ...(labels && { labels: labels.test.subarray(0, CARRIED), frequencies: Array.from(frequenciesOf(labels)) }),
    logDensities: atClean,
    logDensitiesFirst: atFirst,
    stream: { ...dequantization(stage), seed },
    made: {
      stage: stage.name,
      cell: stage.cell,
      seed: stage.seed,
      modelDigest: digestOf(stage.input('model')),
      datasetDigest: digestOf(stage.input('dataset')),
      numbers: madeBy,
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

/** log p_0 and log p_1 of the test images, nats, and the noise that they were dequantized with. */
interface Likelihoods {
  readonly atClean: Float32Array;
  readonly atFirst: Float32Array;
  /** Of the stream of the noise. */
  readonly seed: number;
  readonly madeBy: string;
}

/** Those that the stage of one-shot likelihoods wrote. */
function givenLikelihoods(stage: Stage): Likelihoods {
  const path = stage.input('likelihoods');
  const [header = [], ...rows] = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const column = (name: string): number[] => {
    const at = header.indexOf(name);
    if (at < 0) throw new Error(`The input "likelihoods" has no column ${name}: it is to be what one-shot-nll writes`);
    return rows.map((row) => Number(row[at]));
  };
  return {
    atClean: Float32Array.from(column('log_density')),
    atFirst: Float32Array.from(column('log_density_t1')),
    seed: column('dequantization_seed')[0]!,
    madeBy: `those of the file ${digestOf(path)}`,
  };
}

/** As that stage has them, but of a conditional model given the labels, and of this stage's noise. */
async function ownLikelihoods(stage: Stage<Params>, dataset: Dataset): Promise<Likelihoods> {
  const model = readModel(stage.input('model'));
  const isConditional = classifierOf(model.spec).labels !== undefined;
  const labels = isConditional ? Int32Array.from(labelsOf(dataset).test) : undefined;
  const backend = await openStageBackend(stage);
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const x = testImages(dataset, dequantization(stage));
  const atClean = await logDensity.evaluate(x, 0, labels);
  const atFirst = await logDensity.evaluate(x, 1, labels);
  await logDensity.dispose();

  const bits = Array.from(atClean, (value) => bitsPerDim8Bit(value, dimOf(dataset.shape)));
  stage.reportMean('nll', bits, { unit: 'bits/dim', better: 'lower', note: 'Eq. 10 at t = 0, of all test images' });
  const rows = bits.map((_, i) => [i, atClean[i]!, atFirst[i]!]);
  writeFileSync(stage.output('likelihoods'), csvText(['image', 'log_density', 'log_density_t1'], rows));
  return { atClean, atFirst, seed: stage.seed, madeBy: backend.description };
}

/** By the name that it has in the stage of one-shot likelihoods. */
function dequantization(stage: Stage): RandomStream {
  return stage.stream('one-shot-nll/dequantization');
}

function digestOf(path: string): string {
  return `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}
