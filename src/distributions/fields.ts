// Stationary Gaussian fields on a periodic size x size grid: their covariance is diagonal in the Fourier basis, and
// a power law of the frequency makes them look like smooth textures.
import type { Basis } from './basis.ts';

/**
 * The real orthonormal Fourier basis of size x size images (row-major pixels): products of one-dimensional
 * constants, cosines, sines and, for even sizes, the alternating sign. Coordinate v * size + u belongs to the
 * vertical wave v and the horizontal wave u.
 */
export function fourierBasis(size: number): Basis {
  const waves = fourierWaves(size);
  const transposed = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) transposed[j * size + i] = waves[i * size + j]!;
  return {
    dim: size * size,
    coordinates: (vectors) => separable(waves, size, vectors),
    vectors: (coordinates) => separable(transposed, size, coordinates),
  };
}

export interface FieldSpectrum {
  /** p of S(k) = 1 / |k|^p on integer frequencies, with S(0) = 1. */
  readonly power: number;
  /** a of |k|^2 = (a k_x)^2 + (k_y / a)^2: above 1 the field is smoother along x. 1 is isotropic. */
  readonly anisotropy: number;
}

/** Variance of each coordinate of `fourierBasis`, [size * size], scaled so that the mean pixel variance is one. */
export function powerLawVariances(size: number, { power, anisotropy }: FieldSpectrum): Float64Array {
  const spectrum = new Float64Array(size * size);
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const k = Math.hypot(anisotropy * frequency(u), frequency(v) / anisotropy);
      spectrum[v * size + u] = k === 0 ? 1 : k ** -power;
    }
  }
  // The basis is orthonormal: pixel variances and coordinate variances have the same sum.
  const mean = spectrum.reduce((sum, value) => sum + value, 0) / spectrum.length;
  return spectrum.map((value) => value / mean);
}

/** The integer frequency of wave `index`: 0, 1, 1, 2, 2, … */
function frequency(index: number): number {
  return Math.ceil(index / 2);
}

/** One orthonormal wave per row, [size, size]. */
function fourierWaves(size: number): Float64Array {
  const waves = new Float64Array(size * size);
  for (let index = 0; index < size; index++) {
    const k = frequency(index);
    const alone = k === 0 || 2 * k === size; // no sine at frequency 0 and at the alternating sign
    const norm = Math.sqrt((alone ? 1 : 2) / size);
    for (let x = 0; x < size; x++) {
      // k x modulo size first: the angle then stays small and the waves exactly periodic.
      const angle = (2 * Math.PI * ((k * x) % size)) / size;
      waves[index * size + x] = norm * (alone || index % 2 === 1 ? Math.cos(angle) : Math.sin(angle));
    }
  }
  return waves;
}

/** matrix * image * matrix^T for each image of [count, size, size]. */
function separable(matrix: Float64Array, size: number, images: ArrayLike<number>): Float64Array {
  const area = size * size;
  const result = new Float64Array(images.length);
  const rows = new Float64Array(area);
  for (let begin = 0; begin < images.length; begin += area) {
    for (let y = 0; y < size; y++) {
      for (let u = 0; u < size; u++) {
        let sum = 0;
        for (let x = 0; x < size; x++) sum += matrix[u * size + x]! * images[begin + y * size + x]!;
        rows[u * size + y] = sum;
      }
    }
    for (let v = 0; v < size; v++) {
      for (let u = 0; u < size; u++) {
        let sum = 0;
        for (let y = 0; y < size; y++) sum += matrix[v * size + y]! * rows[u * size + y]!;
        result[begin + v * size + u] = sum;
      }
    }
  }
  return result;
}
