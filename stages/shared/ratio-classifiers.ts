// Density ratios by classification of noise levels: CDM and its relatives. The log ratio is a difference of logits, or an integral
// of the denoiser that they make.
import { cdmDenoiser } from '../../src/diffusion/cdm.ts';
import { balancedWeights } from '../../src/diffusion/loss.ts';
import { positionsAmong, scheduleFromSpec, type Schedule, type ScheduleSpec } from '../../src/diffusion/schedule.ts';
import { cdmTask, type TrainingTask } from '../../src/diffusion/training-step.ts';
import { smoothHead } from '../../src/networks/heads.ts';
import { mlpClassifier, mlpFeatures } from '../../src/networks/mlp.ts';
import { bridgesTask, featureBridges, quadraticBridges } from '../../src/ratios/bridges.ts';
import { contrastiveTask } from '../../src/ratios/contrastive.ts';
import { denoiserLogRatio } from '../../src/ratios/denoiser-integral.ts';
import { fewLevelsTask } from '../../src/ratios/few-levels.ts';
import { gaussianClassifier } from '../../src/ratios/gaussian-family.ts';
import type { RatioNetwork } from '../../src/ratios/network.ts';
import { telescopeTask, waymarks } from '../../src/ratios/telescope.ts';
import { tf } from '../../src/tensor/tf.ts';
import { isQuadratic, type RatioMethod, type RatioProblem } from './ratio-method.ts';

export function cdm(problem: RatioProblem): RatioMethod {
  const { schedule, classifier } = classifierOf(problem);
  const task = cdmTask(classifier, schedule, balancedWeights(problem.dim));
  const criterion = allLevels(problem);
  return { ...endLogits(classifier, schedule), task, criterion, note: 'CDM: f[0] - f[T+1]' };
}

/** Noise-contrastive estimation: data against noise, and nothing between. */
export function nce(problem: RatioProblem): RatioMethod {
  const { schedule, classifier } = classifierOf(problem);
  const task = telescopeTask(classifier, schedule, waymarks(schedule.T, 1));
  return { ...endLogits(classifier, schedule), task, note: 'NCE: one classifier' };
}

/** Classification of a few noise levels at a time, and denoising (OuYang et al., 2026). */
export function diffclf(problem: RatioProblem): RatioMethod {
  const { schedule, classifier } = classifierOf(problem);
  const { levels } = problem.settings;
  const task = fewLevelsTask(classifier, schedule, levels, balancedWeights(problem.dim));
  const note = `DiffCLF: f[0] - f[T+1], classified among ${levels} levels`;
  return { ...endLogits(classifier, schedule), task, criterion: allLevels(problem), note };
}

/** Levels that candidates of a classifier's schedule are judged at, whatever they were trained at: those of the default. */
const REFERENCE: ScheduleSpec = { kind: 'uniform-log-snr', T: 100, sigmaMin: 0.01, logSnrMin: -9 };

/** A CDM's loss at the reference levels, with the logits of a smooth head between the classes it was trained at. */
function allLevels({ dim, network, settings }: RatioProblem): TrainingTask | undefined {
  if ('gaussian' in network) return undefined;
  const [own, reference] = [scheduleFromSpec(settings.schedule), scheduleFromSpec(REFERENCE)];
  const standard = { mean: new Float64Array(dim), variance: 1 };
  const head = smoothHead(reference, standard, settings.cosines, positionsAmong(own, reference));
  return cdmTask(mlpClassifier({ ...network, dim }, head), reference, balancedWeights(dim));
}

/** Telescoping density ratios (Rhodes et al., 2020). */
export function tre(problem: RatioProblem): RatioMethod {
  const { dim, network, settings } = problem;
  const { bridges } = settings;
  const note = `TRE: ${bridges} classifiers of neighbours, even in ${settings.waymarks}`;
  if (settings.waymarks === 'class' || 'gaussian' in network) {
    const { schedule, classifier } = classifierOf(problem);
    return {
      ...endLogits(classifier, schedule),
      task: telescopeTask(classifier, schedule, waymarks(schedule.T, bridges)),
      note,
    };
  }
  const own = isQuadratic(network)
    ? quadraticBridges(dim, bridges)
    : featureBridges(mlpFeatures({ ...network, dim }, dim, bridges), bridges);
  return {
    task: bridgesTask(own),
    nfe: 1,
    model: (weights) => (x) => own.total(weights, x as tf.Tensor2D),
    logRatio: (model, x) => model(x, 0),
    note,
  };
}

/** The integral of a denoiser's errors (Wu et al., 2024), trained as a denoiser alone or to tell noise levels apart, too. */
export function noiseClassifier(problem: RatioProblem, isContrastive: boolean): RatioMethod {
  const { dim, settings, noise } = problem;
  const { pairs, contrastiveNodes } = settings;
  const { schedule, classifier } = classifierOf(problem);
  return {
    task: isContrastive
      ? contrastiveTask(classifier, schedule, contrastiveNodes)
      : cdmTask(classifier, schedule, { ce: 0, mse: dim }),
    nfe: 2 * pairs * schedule.T,
    model: (weights) => cdmDenoiser((x) => classifier.logits(weights, x), schedule),
    logRatio: (model, x) => denoiserLogRatio(model, schedule, x, dim, { pairs, key: noise }),
    note: `the noise classifier of Wu et al. 2024: integral of denoising errors, ${isContrastive ? 'with' : 'without'} their contrastive loss`,
  };
}

/** Without the closed-form Gaussian of the data: every network starts as N(0, I) for every class. */
function classifierOf({ dim, network, settings }: RatioProblem): { schedule: Schedule; classifier: RatioNetwork } {
  const schedule = scheduleFromSpec(settings.schedule);
  if ('gaussian' in network) return { schedule, classifier: gaussianClassifier(dim, schedule, settings.cosines) };
  const standard = { mean: new Float64Array(dim), variance: 1 };
  const head = smoothHead(schedule, standard, settings.cosines);
  return { schedule, classifier: mlpClassifier({ ...network, dim }, head) };
}

/** The log ratio as the difference of the logits of the two ends, f[0] - f[T+1]. */
function endLogits(classifier: RatioNetwork, { T }: Schedule): Pick<RatioMethod, 'nfe' | 'model' | 'logRatio'> {
  return {
    nfe: 1,
    model: (weights) => (x) => {
      const logits = classifier.logits(weights, x);
      return tf.squeeze(tf.sub(tf.slice(logits, [0, 0], [-1, 1]), tf.slice(logits, [0, T + 1], [-1, 1])), [1]);
    },
    logRatio: (model, x) => model(x, 0),
  };
}
