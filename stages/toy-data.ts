// A toy's points as a data set that knows its density: what stages that audit or sample a model take.
import { writeFileSync } from 'node:fs';
import { encodeDataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { runStage } from '../src/stage/index.ts';
import { resolveToy, type ToysParams } from './shared/toys.ts';

interface Params {
  readonly toys: ToysParams;
}

/** Points that no model is trained on, from which auditors learn moments. */
const TRAIN_POINTS = 5000;

await runStage<Params>((stage) => {
  const { toys } = stage.params;
  const name = String(stage.cell['toy']);
  const { spec } = resolveToy(name, toys.each);
  const density = densityFromSpec(spec);
  const test = density.sample(toys.points, stage.stream('toy-data/test'));
  const dataset = encodeDataset({
    kind: 'continuous',
    shape: [1, 1, density.dim],
    source: `the toy ${name}`,
    density: spec,
    train: density.sample(TRAIN_POINTS, stage.stream('toy-data/train')),
    test,
  });
  writeFileSync(stage.output('dataset'), dataset);
  const note = 'minus the true log density, mean over the test points: what no density can go below in expectation';
  stage.reportMean(
    'nll-exact',
    density.logProb(test).map((value) => -value),
    { unit: 'nats', kind: 'exact', note },
  );
});
