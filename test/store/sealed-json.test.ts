import { describe, expect, it } from 'vitest';
import { sealJson, unsealJson } from '../../src/store/sealed-json.ts';
import { everyFlip, everyTruncation } from '../rig/damage.ts';

const text = sealJson({ name: 'x', value: 1.25, list: [1, null, 'ä'] });

describe('unsealJson', () => {
  it('reads what sealJson wrote', () => {
    expect(unsealJson(text)).toEqual({ name: 'x', value: 1.25, list: [1, null, 'ä'] });
  });

  it('refuses every truncation and every flipped bit', () => {
    for (const damaged of [...everyTruncation(Buffer.from(text)), ...everyFlip(Buffer.from(text))]) {
      expect(unsealJson(damaged.toString('utf8'))).toBeUndefined();
    }
  });

  it('refuses an empty text and one without a seal', () => {
    expect(unsealJson('')).toBeUndefined();
    expect(unsealJson('{}\n')).toBeUndefined();
  });
});
