// The mutual information of one task of a public benchmark, estimated from samples by a conditional CDM: E[log p(y | x) -
// log p(y)] over pairs that training did not see, less the log of what the ratio's mean is over x and y that do not belong
// together, which is 1 for the true one. That is the Donsker-Varadhan bound of the CDM's ratio: in expectation it is at most
// the mutual information, so that the step of training with the largest on held-out pairs is the best of them.
import { writeFileSync } from 'node:fs';
import { evaluate, evaluationProgram } from '../src/diffusion/evaluate.ts';
import { scheduleFromSpec, type Schedule, type ScheduleSpec } from '../src/diffusion/schedule.ts';
import { donskerVaradhan, type Bound } from '../src/information/bound.ts';
import { chooseCoordinates, type ChosenCoordinates } from '../src/information/choose-coordinates.ts';
import {
  gaussianPairLogRatios,
  type CanonicalCoordinates,
  type CanonicalPairs,
} from '../src/information/coordinates.ts';
import { interleave, type PairLaw, type Pairs } from '../src/information/pair.ts';
import { task as taskOf } from '../src/information/tasks.ts';
import { dependenceNetwork, type DependenceNetwork, type DependenceShape } from '../src/networks/dependence.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { uniforms } from '../src/tensor/random.ts';
import { tf } from '../src/tensor/tf.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';
import {
  dependenceTask,
  trainDependence,
  type DependenceBudget,
  type DependenceTraining,
} from './shared/dependence-training.ts';

interface Params extends RuntimeParams {
  readonly information: {
    readonly schedule: ScheduleSpec;
    readonly network: Omit<DependenceShape, 'dimX' | 'dimY'>;
    readonly training: Omit<DependenceBudget, 'steps'>;
    /** Networks whose log ratios are averaged. */
    readonly members: number;
    /** By how many pairs there are. */
    readonly sizes: Readonly<Record<string, Sizes>>;
  };
}

interface Sizes {
  /** Of training. */
  readonly steps: number;
  /** Of the pairs, how many choose step and correlations, and how many are measured on. The others are trained on. */
  readonly heldOut: number;
  readonly test: number;
}

const BATCH = 500;
/** Of each y, with whose x it does not belong together: at every look, and in the end. */
const PARTNERS = { heldOut: 4, test: 24 };

await runStage<Params>(async (stage) => {
  const { information } = stage.params;
  const law = taskOf(String(stage.cell['task']));
  const samples = Number(stage.cell['samples']);
  const sizes = information.sizes[String(samples)];
  if (sizes === undefined) throw new Error(`No sizes for ${samples} pairs: add information.sizes.${samples}`);
  const raw = split(law.sample(samples, stage.stream('information/pairs')), law, sizes);
  const coordinates = await chooseCoordinates(raw.training, raw.heldOut, law.dimX, law.dimY);
  const { dimX, dimY, chosen: correlations } = coordinates;
  const [training, heldOut, test] = [raw.training, raw.heldOut, raw.test].map(coordinates.map) as [
    CanonicalPairs,
    CanonicalPairs,
    CanonicalPairs,
  ];
  const schedule = scheduleFromSpec(information.schedule);
  const network = dependenceNetwork({ dimX, dimY, ...information.network }, schedule, correlations);

  const backend = await openStageBackend(stage);
  const task = dependenceTask(network, schedule, dimY, information.training.loss);
  const logRatios = await compileLogRatios(backend, network, schedule, coordinates);
  const bound = (candidate: Float32Array, pairs: CanonicalPairs, partners: number): Promise<Bound> =>
    donskerVaradhan((each) => logRatios(candidate, each), pairs, dimX, partners);
  const members: DependenceTraining[] = [];
  for (let member = 0; member < information.members; member++) {
    members.push(
      await trainDependence(
        stage,
        memberSeed(stage, member),
        backend,
        task,
        { pairs: training, dimX, dimY },
        { ...information.training, steps: sizes.steps },
        async (candidate) => (await bound(candidate, heldOut, PARTNERS.heldOut)).value,
      ),
    );
  }
  const looks = members.flatMap(({ curve }, member) => curve.map(([step, value]) => [member, step, value]));
  writeFileSync(stage.output('log'), csvText(['member', 'step', 'held_out_bound'], looks));
  const average = meanLogRatios(
    members.map(
      ({ weights }) =>
        (pairs) =>
          logRatios(weights, pairs),
    ),
  );
  // A ratio larger than that of any held-out pair is a guess, and the normalizer would be of it alone: any limit keeps the bound.
  const limit = (await average(heldOut)).reduce((a, b) => Math.max(a, b));
  const limited = async (pairs: CanonicalPairs): Promise<Float32Array> =>
    (await average(pairs)).map((value) => Math.min(value, limit));
  const gaussian = gaussianPairLogRatios(test, correlations, dimX, dimY);
  report(stage, law, {
    ...(await donskerVaradhan(limited, test, dimX, PARTNERS.test)),
    gaussian,
    coordinates,
    step: members.reduce((sum, { step }) => sum + step, 0) / members.length,
  });
});

/** A seed of its own for each member: other first weights, other batches, other noise. */
function memberSeed({ seed }: Stage, member: number): number {
  return Math.floor(uniforms({ seed, purpose: 'information/member', step: member }, 1)[0]! * 2 ** 24);
}

type LogRatios = (pairs: CanonicalPairs) => Promise<Float32Array>;

function meanLogRatios(members: readonly LogRatios[]): LogRatios {
  return async (pairs) => {
    const each: Float32Array[] = [];
    for (const member of members) each.push(await member(pairs));
    return each[0]!.map((_, i) => each.reduce((sum, values) => sum + values[i]!, 0) / each.length);
  };
}

interface Parts<T> {
  readonly training: T;
  readonly heldOut: T;
  readonly test: T;
}

/** The pairs in their order: to train on, to choose on, and to measure on. */
function split({ x, y }: Pairs, { dimX, dimY }: PairLaw, { heldOut, test }: Sizes): Parts<Pairs> {
  const count = x.length / dimX;
  const [first, second] = [count - heldOut - test, count - test];
  const part = (from: number, to: number): Pairs => ({
    x: x.subarray(from * dimX, to * dimX),
    y: y.subarray(from * dimY, to * dimY),
  });
  return { training: part(0, first), heldOut: part(first, second), test: part(second, count) };
}

/** The network's log p(y | x) - log p(y), as a function of its weights: at each pair, [count]. */
async function compileLogRatios(
  backend: Backend,
  network: DependenceNetwork,
  { T }: Schedule,
  { dimX, dimY }: CanonicalCoordinates,
): Promise<(weights: Float32Array, pairs: CanonicalPairs) => Promise<Float32Array>> {
  const shape = { batch: BATCH, shape: [dimX + dimY] };
  const definition = evaluationProgram('dependence', shape, network.parameters, (values) => (rows) => {
    const part = (begin: number, size: number): tf.Tensor2D => tf.slice(rows as tf.Tensor2D, [0, begin], [-1, size]);
    const logits = network.dependence(values, part(0, dimY), part(dimY, dimX));
    const column = (t: number): tf.Tensor => tf.slice(logits, [0, t], [-1, 1]);
    return tf.reshape(tf.sub(column(0), column(T + 1)), [-1]);
  });
  const program = await backend.compile(definition);
  return (weights, { x, y }) => {
    program.load({ parameters: weights });
    return evaluate(program, shape, interleave(y, dimY, x, dimX), 0);
  };
}

interface Measured extends Bound {
  /** Log ratios of Gaussian pairs with the chosen correlations, before anything is learned. */
  readonly gaussian: Float64Array;
  readonly coordinates: ChosenCoordinates;
  readonly step: number;
}

function report(stage: Stage, { mutualInformation }: PairLaw, measured: Measured): void {
  const { value, logNormalizer, standardError, gaussian, coordinates, step } = measured;
  const n = gaussian.length;
  const common = { unit: 'nats', kind: 'estimate' } as const;
  const note =
    'E[log p(y|x) - log p(y)] of a conditional CDM over pairs that training did not see, less log-normalizer';
  stage.report('mutual-information', { value, standardError, n, ...common, note });
  const apart = 'log E[p(y|x) / p(y)] of the CDM over x and y that do not belong together: 0 for the true ratio';
  stage.report('log-normalizer', { value: logNormalizer, ...common, note: apart });
  const exact = { value: mutualInformation, ...common, kind: 'exact' } as const;
  stage.report('mutual-information-exact', { ...exact, note: 'in closed form' });
  const error = value - mutualInformation;
  stage.report('error', { value: error, standardError, n, ...common, note: 'estimate - truth' });
  const { degree, dimX, dimY, chosen } = coordinates;
  const reduced = `the first ${dimX} canonical variates of normal scores times polynomials of degree ${degree} in their length`;
  const variates = degree === 0 ? `all ${dimX} and ${dimY} canonical variates of normal scores` : reduced;
  const start = `of Gaussian pairs that training starts from: ${chosen.length} correlations of ${variates}`;
  const { mean } = stage.reportMean('mutual-information-gaussian', gaussian, { unit: 'nats', note: start });
  const stopped = 'the step whose bound on held-out pairs is largest, mean over the networks';
  stage.report('stopped', { value: step, unit: 'steps', kind: 'estimate', note: stopped });
  const row = { ...stage.cell, estimate: value, standardError, gaussian: mean, exact: mutualInformation };
  writeFileSync(stage.output('estimate'), `${JSON.stringify(row)}\n`);
}
