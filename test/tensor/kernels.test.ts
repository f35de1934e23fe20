import { describe, expect, test } from 'vitest';
import { checkDerivatives } from '../support/backends.ts';
import { kernelCases } from '../support/kernel-cases.ts';

describe.each(Object.entries(kernelCases))('%s', (_, cases) => {
  test.each(cases)('%s', async (__, f, options) => {
    await checkDerivatives(f, options);
    expect.hasAssertions();
  });
});
