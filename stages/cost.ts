// What a likelihood and a noise estimate cost, in operations and in seconds and not only in network evaluations: a
// classifier's noise estimate is a forward and a backward pass, a denoiser's a forward pass, and a classifier needs no
// decoder (the encoder).
import { dimOf } from '../src/diffusion/evaluate.ts';
import { compileModel } from '../src/models/compiled.ts';
import {
  batchShapeOf,
  denoisingProgram,
  logDensityProgram,
  readModel,
  type TrainedModel,
} from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { flopsOf } from '../src/tensor/flops.ts';
import type { HostTensors, ProgramDefinition } from '../src/tensor/program.ts';
import { normals, type StreamKey } from '../src/tensor/random.ts';
import { trace } from '../src/tensor/trace.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

interface Params extends RuntimeParams {
  /** Images at a time, and passes that the median time is taken over. */
  readonly cost: { readonly batch: number; readonly rounds: number };
}

await runStage<Params>(async (stage) => {
  const { batch, rounds } = stage.params.cost;
  const backend = await openStageBackend(stage);
  const tasks = stage.inputNames.flatMap((name) => {
    const model = readModel(stage.input(name));
    const denoiser = { name: `denoiser.${name}`, model, program: denoisingProgram(model, batch) };
    if (model.spec.kind === 'ddm') return [denoiser];
    return [denoiser, { name: `nll.${name}`, model, program: logDensityProgram(model, batch) }];
  });
  const runs = [];
  for (const { name, model, program } of tasks) {
    reportOperations(stage, name, program, batch);
    const compiled = await compileModel(backend, program, model.weights);
    const inputs = inputsOf(model, batch, stage.stream('cost/images'));
    runs.push({ name, seconds: [] as number[], run: () => compiled.program.run(inputs) });
  }
  // Rounds of all in turn: whatever else the machine does meets all of them alike. The first warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const { seconds, run } of runs) {
      const start = performance.now();
      await run();
      if (round > 0) seconds.push((performance.now() - start) / 1000);
    }
    stage.progress({ step: round + 1, total: rounds + 1, metrics: {} });
  }
  for (const { name, seconds } of runs) reportTime(stage, name, seconds, batch);
});

/** Noise for images x [batch, h, w, c], and the middle noise level t [batch]. */
function inputsOf({ spec, schedule }: TrainedModel, batch: number, key: StreamKey): HostTensors {
  const x = normals(key, batch * dimOf(batchShapeOf(spec, batch).shape));
  return { x, t: new Int32Array(batch).fill(Math.ceil(schedule.T / 2)) };
}

function reportOperations(stage: Stage<Params>, name: string, program: ProgramDefinition, batch: number): void {
  stage.report(`flops.${name}`, {
    value: flopsOf(trace(program)) / batch,
    unit: 'operations',
    kind: 'exact',
    better: 'lower',
    note: 'for an image: two for each multiply-add of convolutions and matrix products',
  });
}

/** The median, and its standard error from the middle half of the times, as for a normal law. */
function reportTime(stage: Stage<Params>, name: string, seconds: readonly number[], batch: number): void {
  const sorted = [...seconds].sort((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]! / batch;
  const deviation = (quantile(0.75) - quantile(0.25)) / 1.349;
  stage.report(`milliseconds.${name}`, {
    value: 1000 * quantile(0.5),
    standardError: 1000 * 1.2533 * (deviation / Math.sqrt(sorted.length)),
    n: sorted.length,
    unit: 'ms',
    kind: 'timing',
    better: 'lower',
    note: `for an image, the median over passes of ${batch}, ${stage.threads} threads`,
  });
}
