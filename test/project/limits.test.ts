// What a run may occupy, from its options and its surroundings.
import { afterEach, expect, it, vi } from 'vitest';
import { limitsOf } from '../../src/project/limits.ts';

afterEach(() => void vi.unstubAllEnvs());

it.each<[string | undefined, number | undefined, readonly string[]]>([
  [undefined, undefined, []],
  [undefined, 3, ['0', '1', '2']],
  ['2, 3', undefined, ['2', '3']],
  ['GPU-1a,GPU-2b', 1, ['GPU-1a']],
  ['2,3', 0, []],
  ['1,1,-1,3', undefined, ['1']],
  ['', undefined, []],
])('CUDA_VISIBLE_DEVICES=%j with --gpus %j gives %j', (visible, gpus, devices) => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', visible);
  expect(limitsOf(gpus === undefined ? {} : { gpus }).gpus).toEqual(devices);
});

it('refuses more GPUs than are visible', () => {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '4');
  expect(() => limitsOf({ gpus: 2 })).toThrow('--gpus asks for 2, and CUDA_VISIBLE_DEVICES names 1');
});
