// The classifier of images that samples are judged by: the shape and weights of one, as a file, and what it says.
import type { ImageShape } from '../datasets/dataset.ts';
import { dimOf, evaluate, evaluationProgram } from '../diffusion/evaluate.ts';
import { imageClassifier, type ImageClassifier } from '../networks/image-classifier.ts';
import type { Backend } from '../tensor/backend.ts';
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
  return imageClassifier(shape[2], channels, labels);
}

/** The likeliest label of each image of x [count, h, w, c]. */
export async function judgeLabels(backend: Backend, judge: Judge, x: Float32Array): Promise<Int32Array> {
  const { shape, labels, weights } = judge;
  const network = judgeNetwork(judge);
  const batchShape = { batch: BATCH, shape };
  const program = await backend.compile(
    evaluationProgram('judge', batchShape, network.parameters, (values) => (images) => network.logits(values, images)),
  );
  program.load({ parameters: weights });
  const logits = await evaluate(program, batchShape, x, 0);
  await program.dispose();
  return Int32Array.from({ length: x.length / dimOf(shape) }, (_, i) => {
    const own = logits.subarray(i * labels, (i + 1) * labels);
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
