// The methods of density-ratio estimation that are compared, by name.
import { cdm, diffclf, nce, noiseClassifier, tre } from './ratio-classifiers.ts';
import { isQuadratic, type RatioMethod, type RatioProblem } from './ratio-method.ts';
import { ctsm, dreInfinity, dualScore, oneMatrix } from './ratio-scores.ts';

const methods: Readonly<Record<string, (problem: RatioProblem) => RatioMethod>> = {
  cdm,
  nce,
  diffclf,
  tre,
  'dre-infinity': (problem) =>
    isQuadratic(problem.network) ? oneMatrix(problem, 'dre-infinity') : dreInfinity(problem, false),
  'dre-infinity-pathwise': (problem) => dreInfinity(problem, true),
  ctsm,
  'dual-score': dualScore,
  'noise-classifier': (problem) => noiseClassifier(problem, false),
  'noise-classifier-contrastive': (problem) => noiseClassifier(problem, true),
};

/** The method of this name for a problem; an Error that lists the names for any other. */
export function ratioMethod(name: string, problem: RatioProblem): RatioMethod {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) throw new Error(`No method "${name}": use one of ${Object.keys(methods).join(', ')}`);
  return method(problem);
}
