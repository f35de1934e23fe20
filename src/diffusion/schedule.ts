// A noise schedule is two float64 arrays, alpha and sigma, over the classes 0 .. T+1: x_t = alpha_t x_0 + sigma_t eps.
// Nothing else is assumed of them: alpha^2 + sigma^2 = 1 holds for all schedules below but optimal transport.

/** Noise levels of the classes 0 (clean data) .. T (noisiest level a sampler visits) and T+1 (pure noise). */
export interface Schedule {
  readonly T: number;
  /** [T+2], from alpha[0] = 1 to alpha[T+1] = 0. */
  readonly alpha: Float64Array;
  /** [T+2], from sigma[0] = 0 to sigma[T+1] = 1. */
  readonly sigma: Float64Array;
}

/** A schedule as it is written in parameters and checkpoints. */
export type ScheduleSpec =
  | { readonly kind: 'uniform-log-snr'; readonly T: number; readonly sigmaMin?: number; readonly logSnrMin?: number }
  | { readonly kind: 'ddpm-linear'; readonly T: number }
  | { readonly kind: 'cosine'; readonly T: number }
  | { readonly kind: 'uniform'; readonly T: number }
  | { readonly kind: 'optimal-transport'; readonly T: number };

/** Builds the schedule that `spec` describes. Throws a RangeError naming what is out of range. */
export function scheduleFromSpec(spec: ScheduleSpec): Schedule {
  switch (spec.kind) {
    case 'uniform-log-snr':
      return uniformLogSnr(spec);
    case 'ddpm-linear':
      return ddpmLinear(spec.T);
    case 'cosine':
      return cosine(spec.T);
    case 'uniform':
      return uniform(spec.T);
    case 'optimal-transport':
      return optimalTransport(spec.T);
    default:
      throw new RangeError(`Cannot build a schedule of kind "${(spec as { kind: string }).kind}"`);
  }
}

/** log(alpha_t^2 / sigma_t^2) in nats: +Infinity at t = 0, -Infinity at T+1. */
export function logSnr({ alpha, sigma }: Schedule, t: number): number {
  return 2 * (Math.log(at(alpha, t)) - Math.log(at(sigma, t)));
}

/**
 * Classes 1..T equally spaced in log-SNR, from the one of sigma_1 = `sigmaMin` down to `logSnrMin`. `sigmaMin` must lie
 * below the finest detail of the data (for 8-bit images on [-1, 1], below the bin width 0.0078).
 */
export function uniformLogSnr(options: { T: number; sigmaMin?: number; logSnrMin?: number }): Schedule {
  const { T, sigmaMin = 0.01, logSnrMin = -9 } = options;
  if (!(sigmaMin > 0 && sigmaMin < 1)) throw new RangeError(`sigmaMin must be in (0, 1), got ${sigmaMin}`);
  const first = Math.log1p(-(sigmaMin ** 2)) - 2 * Math.log(sigmaMin);
  if (!(logSnrMin < first)) {
    throw new RangeError(`logSnrMin must be below the log-SNR ${first} of sigmaMin = ${sigmaMin}, got ${logSnrMin}`);
  }
  return build(T, (t) => {
    const lambda = T === 1 ? first : first + ((logSnrMin - first) * (t - 1)) / (T - 1);
    // Both from exponentials of their own sign, so that neither loses digits as 1 - the other.
    return { alpha: Math.sqrt(1 / (1 + Math.exp(-lambda))), sigma: Math.sqrt(1 / (1 + Math.exp(lambda))) };
  });
}

/**
 * Where the levels of `others` lie among those of a schedule, each between 0 (class 0) and 1 (T+1), t / (T+1) at class t: between
 * classes linear in the angle atan(sigma / alpha), which is finite at both ends.
 */
export function positionsAmong(schedule: Schedule, others: Schedule): Float64Array {
  const angles = ({ alpha, sigma }: Schedule): Float64Array => alpha.map((a, t) => Math.atan2(at(sigma, t), a));
  const own = angles(schedule);
  return angles(others).map((angle) => {
    let t = 0;
    while (t < schedule.T && at(own, t + 1) < angle) t++;
    const [low, high] = [at(own, t), at(own, t + 1)];
    return (t + Math.min(1, Math.max(0, (angle - low) / (high - low)))) / (schedule.T + 1);
  });
}

/** DDPM's linear betas, 1e-4 .. 0.02 at T = 1000 and 1000/T times that otherwise, so that alpha_T stays near 0. */
export function ddpmLinear(T: number): Schedule {
  const scale = 1000 / T;
  if (!(0.02 * scale < 1)) throw new RangeError(`The linear schedule needs T above 20 for betas below 1, got ${T}`);
  const [low, high] = [1e-4 * scale, 0.02 * scale];
  return fromBetas(T, (t) => low + ((high - low) * (t - 1)) / (T - 1));
}

/** Nichol and Dhariwal's cosine schedule: abar_t proportional to cos^2((t/T + 0.008) / 1.008 * pi/2), betas at most 0.999. */
export function cosine(T: number): Schedule {
  const f = (t: number): number => Math.cos(((t / T + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  return fromBetas(T, (t) => Math.min(0.999, 1 - f(t) / f(t - 1)));
}

/** The paper's "unif." schedule: sigma_t = t / (T+1). */
export function uniform(T: number): Schedule {
  return build(T, (t) => {
    const sigma = t / (T + 1);
    return { alpha: Math.sqrt((1 - sigma) * (1 + sigma)), sigma };
  });
}

/**
 * The paper's "OT" schedule, x_t = (1 - s) x_0 + s eps with s = t / (T+1): the straight paths of flow matching. (The paper
 * counts its classes 0 .. T, with T the reference: its T is T+1 here.) The velocity of a path is dx/ds = eps - x_0; with
 * E[eps | x_t] for eps it is (E[eps | x_t] - x_t) / (1 - s), which is 0/0 at pure noise: samplers start at T.
 */
export function optimalTransport(T: number): Schedule {
  return build(T, (t) => ({ alpha: (T + 1 - t) / (T + 1), sigma: t / (T + 1) }));
}

/** abar_t = prod_s (1 - beta_s), with 1 - abar_t accumulated by itself: 1 - (1 - abar) loses digits where sigma is small. */
function fromBetas(T: number, beta: (t: number) => number): Schedule {
  let alphaBar = 1;
  let noise = 0;
  return build(T, (t) => {
    const b = beta(t);
    noise = noise * (1 - b) + b;
    alphaBar *= 1 - b;
    return { alpha: Math.sqrt(alphaBar), sigma: Math.sqrt(noise) };
  });
}

function build(T: number, level: (t: number) => { alpha: number; sigma: number }): Schedule {
  if (!Number.isInteger(T) || T < 1) throw new RangeError(`T must be a positive integer, got ${T}`);
  const alpha = new Float64Array(T + 2);
  const sigma = new Float64Array(T + 2);
  alpha[0] = 1;
  for (let t = 1; t <= T; t++) {
    const value = level(t);
    alpha[t] = value.alpha;
    sigma[t] = value.sigma;
  }
  sigma[T + 1] = 1;
  return { T, alpha, sigma };
}

/** `values[t]`, or a RangeError: a class outside 0..T+1 would silently read as undefined. */
export function at(values: Float64Array, t: number): number {
  const value = values[t];
  if (value === undefined) throw new RangeError(`Class ${t} is not among 0..${values.length - 1}`);
  return value;
}

/** x_t = alpha_t x_0 + sigma_t eps (Eq. 1) of samples x_0 and noise of one length, at one class t. */
export function noised(x0: Float32Array, epsilon: ArrayLike<number>, schedule: Schedule, t: number): Float32Array {
  const [alpha, sigma] = [at(schedule.alpha, t), at(schedule.sigma, t)];
  return x0.map((value, k) => alpha * value + sigma * epsilon[k]!);
}
