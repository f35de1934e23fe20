// A density ratio from a denoiser: the noise classifier that a diffusion model holds (Wu et al., 2024), whose logit is an
// integral of pointwise denoising errors over log-SNR (Kong et al., 2023).
import { at, logSnr, type Schedule } from '../diffusion/schedule.ts';
import { normals, type StreamKey } from '../tensor/random.ts';

/**
 * With x_l = alpha x + sigma eps at log-SNR l,
 *
 *     log p(x) / N(x; 0, I) = 1/2 integral dl E_eps [ |eps - sigma x_l|^2 - |eps - epsHat(x_l)|^2 ],
 *
 * as sigma x_l is the optimal denoiser of N(0, I): the errors of two denoisers on the same noise, most of which cancels. The
 * integral is the trapezoidal rule over the classes 1..T, the expectation `pairs` antithetic pairs for each point and class:
 * 2 T pairs evaluations of the denoiser, where a CDM takes one of its network. Returns [count], nats.
 */
export async function denoiserLogRatio(
  denoiser: (x: Float32Array, t: number) => ArrayLike<number> | Promise<ArrayLike<number>>,
  schedule: Schedule,
  x: Float32Array,
  dim: number,
  { pairs, key }: { pairs: number; key: StreamKey },
): Promise<Float64Array> {
  const { T } = schedule;
  const ratios = new Float64Array(x.length / dim);
  const lambda = (t: number): number => logSnr(schedule, Math.min(T, Math.max(1, t)));
  for (let t = 1; t <= T; t++) {
    const weight = (lambda(t - 1) - lambda(t + 1)) / 2;
    const [alpha, sigma] = [at(schedule.alpha, t), at(schedule.sigma, t)];
    for (let pair = 0; pair < pairs; pair++) {
      const epsilon = normals({ ...key, step: (t - 1) * pairs + pair }, x.length);
      for (const sign of [1, -1]) {
        const xt = x.map((value, k) => alpha * value + sign * sigma * epsilon[k]!);
        const estimate = await denoiser(xt, t);
        for (let k = 0; k < x.length; k++) {
          const noise = sign * epsilon[k]!;
          const gap = (noise - sigma * xt[k]!) ** 2 - (noise - estimate[k]!) ** 2;
          ratios[Math.floor(k / dim)]! += (weight * gap) / (4 * pairs);
        }
      }
    }
  }
  return ratios;
}
