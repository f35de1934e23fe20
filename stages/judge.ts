// The classifier of images that samples are judged by: the shape and weights of one, as a file, and what it says.
import { readFileSync, writeFileSync } from 'node:fs';
import type { ImageShape } from '../src/datasets/dataset.ts';
import { dimOf, evaluate, evaluationProgram } from '../src/diffusion/evaluate.ts';
import { imageClassifier, type ImageClassifier } from '../src/networks/image-classifier.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { decodeSafetensors, encodeSafetensors } from '../src/tensor/safetensors.ts';

export interface JudgeSpec {
  readonly shape: ImageShape;
  readonly channels: number;
  readonly labels: number;
}

export interface Judge extends JudgeSpec {
  readonly weights: Float32Array;
}

const BATCH = 100;

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

export function writeJudge(path: string, spec: JudgeSpec, weights: Float32Array): void {
  const tensors = { weights: { shape: [weights.length], data: weights } };
  writeFileSync(path, encodeSafetensors({ tensors, metadata: { judge: JSON.stringify(spec) } }));
}

/** Reads what `writeJudge` wrote; throws an Error naming the file for anything else. */
export function readJudge(path: string): Judge {
  const { tensors, metadata } = decodeSafetensors(readFileSync(path));
  const weights = tensors['weights']?.data;
  if (metadata['judge'] === undefined || !(weights instanceof Float32Array)) throw new Error(`Not a judge: ${path}`);
  return { ...(JSON.parse(metadata['judge']) as JudgeSpec), weights };
}
