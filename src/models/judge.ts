// The classifier of images that samples are judged by: the shape and weights of one, as a file, and what it says.
import type { ImageShape } from '../datasets/dataset.ts';
import { evaluate, evaluationProgram } from '../diffusion/evaluate.ts';
import { imageClassifier, type ImageClassifier } from '../networks/image-classifier.ts';
import type { Backend } from '../tensor/backend.ts';
import { tf } from '../tensor/tf.ts';
import { readWeights, writeWeights } from './weights-file.ts';

export interface JudgeSpec {
  readonly shape: ImageShape;
  readonly channels: number;
  readonly labels: number;
}

export interface Judge extends JudgeSpec {
  readonly weights: Float32Array;
}

const BATCH = 100;

/** The network of a judge: logits [batch, labels] of images x [batch, h, w, c]. */
export function judgeNetwork({ shape, channels, labels }: JudgeSpec): ImageClassifier {
  return imageClassifier(shape[0], shape[2], channels, labels);
}

/** A row of `dim` values for each image. */
interface Rows {
  readonly values: Float32Array;
  readonly dim: number;
}

/** What a judge makes of images: what its last layer sees, and the probabilities of labels. */
export interface Judgement {
  readonly features: Rows;
  readonly probabilities: Rows;
}

/** What a judge makes of the images x [count, h, w, c], in one pass. */
export async function judgeImages(backend: Backend, judge: Judge, x: Float32Array): Promise<Judgement> {
  const { shape, labels, weights } = judge;
  const network = judgeNetwork(judge);
  const { width } = network;
  const batchShape = { batch: BATCH, shape };
  const program = await backend.compile(
    evaluationProgram('judge', batchShape, network.parameters, (values) => (images) => {
      const features = network.features(values, images);
      return tf.concat([features, tf.softmax(network.logitsOf(values, features))], 1);
    }),
  );
  program.load({ parameters: weights });
  const values = await evaluate(program, batchShape, x, 0);
  await program.dispose();
  const row = width + labels;
  const columns = (from: number, dim: number): Rows => ({
    values: values.filter((_, i) => i % row >= from && i % row < from + dim),
    dim,
  });
  return { features: columns(0, width), probabilities: columns(width, labels) };
}

/** The likeliest label of each image of x [count, h, w, c]. */
export async function judgeLabels(backend: Backend, judge: Judge, x: Float32Array): Promise<Int32Array> {
  const { values, dim } = (await judgeImages(backend, judge, x)).probabilities;
  return Int32Array.from({ length: values.length / dim }, (_, i) => {
    const own = values.subarray(i * dim, (i + 1) * dim);
    return own.indexOf(Math.max(...own));
  });
}

/** Writes a judge as one file: its shape, and the flat vector of its weights. */
export const writeJudge = (path: string, spec: JudgeSpec, weights: Float32Array): void =>
  writeWeights(path, 'judge', spec, weights);

/** Reads what `writeJudge` wrote; throws an Error naming the file for anything else. */
export function readJudge(path: string): Judge {
  const { spec, weights } = readWeights<JudgeSpec>(path, 'judge');
  return { ...spec, weights };
}
