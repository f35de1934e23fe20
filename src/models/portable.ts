// The trained models for other programs and languages: ONNX files that say what they compute and what they want as input.
import type { Dataset } from '../datasets/dataset.ts';
import { dimOf } from '../diffusion/evaluate.ts';
import { exportOnnx } from '../tensor/export.ts';
import type { ProgramDefinition } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { momentsOf } from './images.ts';
import { denoisingProgram, logDensityProgram, type TrainedModel } from './model.ts';

/** log p_0(x), nats: input `x` [batch, h, w, c], output `log_density` [batch]. */
export function portableLogDensity(model: TrainedModel, dataset: Dataset): Uint8Array {
  const program = (batch: number): ProgramDefinition => {
    const { inputs, run, ...rest } = logDensityProgram(model, batch);
    return {
      ...rest,
      inputs: { x: inputs['x']! },
      run: (state, { x }) => {
        const t = tf.zeros([batch], 'int32');
        return { outputs: { log_density: run(state, { x: x!, t }).outputs['value']! } };
      },
    };
  };
  const dim = dimOf(dataset.shape);
  return exportOnnx(program, stateOf(model), {
    ...descriptionOf(model, dataset),
    equation: 'log p_0(x) = f(x)[0] - f(x)[T+1] + log N(x; 0, I) (Theorem 3.2, Eq. 10): an estimate, not normalized',
    'output log_density': `float32 [batch], nats per image. Bits per dimension: -log_density / (${dim} ln 2)${dataset.kind === '8-bit' ? ' + 7' : ', relative to the unit of the pixels'}`,
  });
}

/** E[eps | x_t = x]: inputs `x` [batch, h, w, c], `t` and perhaps `label` (int32 [batch]), output `epsilon` like x. */
export function portableDenoiser(model: TrainedModel, dataset: Dataset): Uint8Array {
  const { T } = model.schedule;
  const program = (batch: number): ProgramDefinition => {
    const { run, ...rest } = denoisingProgram(model, batch);
    return { ...rest, run: (state, inputs) => ({ outputs: { epsilon: run(state, inputs).outputs['value']! } }) };
  };
  return exportOnnx(program, stateOf(model), {
    ...descriptionOf(model, dataset),
    equation:
      model.spec.kind === 'cdm'
        ? 'E[eps | x_t = x] = sigma_t (grad_x (f(x)[T+1] - f(x)[t]) + x) (Theorem 3.1, Eq. 8)'
        : 'E[eps | x_t = x], the network itself (Ho et al., 2020)',
    ...(model.spec.range && {
      range: `the image (x - sigma_t epsilon) / alpha_t is held within [${model.spec.range.join(', ')}]`,
    }),
    'input t': `int32 [batch], the noise level of each image, 1 .. ${T}`,
    'output epsilon': 'float32 like x, the estimate of the standard normal noise in x_t = alpha_t x_0 + sigma_t eps',
  });
}

const stateOf = ({ weights }: TrainedModel): { parameters: Float32Array } => ({ parameters: weights });

/** What both files say. The schedule lists alpha and sigma for every class, so that one can sample with the file alone. */
function descriptionOf({ spec, schedule }: TrainedModel, dataset: Dataset): Record<string, string> {
  const { mean, variance } = momentsOf(dataset);
  const labels = 'labels' in spec.network ? spec.network.labels : undefined;
  const pixelMean = Array.from(mean).reduce((a, b) => a + b, 0) / mean.length;
  const scaling =
    dataset.kind === '8-bit'
      ? 'x = (pixel + u) / 128 - 1 of pixels 0 .. 255, with u uniform in [0, 1): within [-1, 1)'
      : 'real numbers as in the data set, not rescaled';
  return {
    producer: 'repro, the moving average of the weights over training',
    model: spec.kind === 'cdm' ? 'classification diffusion model' : 'denoising diffusion model',
    schedule: JSON.stringify({
      ...spec.schedule,
      alpha: Array.from(schedule.alpha),
      sigma: Array.from(schedule.sigma),
    }),
    data: dataset.source,
    ...(labels !== undefined && {
      'input label': `int32 [batch], what each image is of, 0 .. ${labels - 1}; ${labels} stands for "not known"`,
    }),
    'input x': `float32 [batch, ${dataset.shape.join(', ')}] (height, width, channels last); clean images are ${scaling}. Mean over training images and pixels ${pixelMean}, mean variance of a pixel ${variance}`,
  };
}
