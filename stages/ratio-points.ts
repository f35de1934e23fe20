// The held-out points that all methods of density-ratio estimation are measured on, so that they differ by method alone; and
// the truth at them, log p / N(0, I).
import { writeFileSync } from 'node:fs';
import { densityFromSpec, type MixtureSpec } from '../src/distributions/spec.ts';
import { klFromStandardNormal, squaredNorms } from '../src/distributions/gaussian.ts';
import { toySpec } from '../src/distributions/toys.ts';
import { runStage } from '../src/stage/index.ts';
import { encodeSafetensors } from '../src/tensor/safetensors.ts';

interface Params {
  readonly ratios: {
    readonly points: number;
    /** The density of each task, where its name is not one of distributions/toys.ts. */
    readonly tasks: Readonly<Record<string, { readonly density?: MixtureSpec }>>;
  };
}

await runStage<Params>((stage) => {
  const { points, tasks } = stage.params.ratios;
  const name = String(stage.cell['task']);
  const density = densityFromSpec(tasks[name]?.density ?? toySpec(name));
  const x = density.sample(points, stage.stream('ratio/points'));
  const logRatio = density.logProb(x);
  const norms = squaredNorms(x, density.dim);
  // log N(x; 0, I) is -(dim log 2 pi + |x|^2) / 2.
  for (const [i, norm] of norms.entries()) logRatio[i]! += (density.dim * Math.log(2 * Math.PI) + norm) / 2;
  const tensors = {
    x: { shape: [points, density.dim], data: x },
    logRatio: { shape: [points], data: Float32Array.from(logRatio) },
  };
  writeFileSync(stage.output('points'), encodeSafetensors({ tensors, metadata: { task: name } }));

  const unit = 'nats';
  if (density.components.length === 1) {
    const value = klFromStandardNormal(density.components[0]!);
    stage.report('kl', { value, unit, kind: 'exact', note: 'KL(p || N(0, I)), in closed form' });
  } else {
    const note = 'KL(p || N(0, I)), mean of the true log ratio over the points';
    stage.reportMean('kl', logRatio, { unit, note });
  }
});
