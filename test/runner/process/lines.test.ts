import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseFacts } from '../../../src/runner/process/facts-line.ts';
import { LineSplitter } from '../../../src/runner/process/line-splitter.ts';
import { parseProgress } from '../../../src/runner/process/progress-line.ts';

function split(chunks: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line.toString('utf8')));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

describe('LineSplitter', () => {
  it('gives the same lines however the bytes arrive', () => {
    const text = fc
      .array(fc.constantFrom('a', 'ä', '😀', '\n', '\r', ' '), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(40)), (whole, cuts) => {
        const bytes = Buffer.from(whole);
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(split(chunks)).toEqual(expected);
      }),
    );
  });

  it('does not wait for the end of an endless line', () => {
    const chunk = Buffer.alloc(10_000, 'x');
    expect(split(Array.from({ length: 20 }, () => chunk)).map(({ length }) => length)).toEqual([
      70_000, 70_000, 60_000,
    ]);
  });
});

describe('parseProgress', () => {
  it('reads step, total and metrics; a null metric was NaN', () => {
    const line = '::repro progress {"step":120,"total":3000,"metrics":{"loss":1.25,"diverged":null,"text":"x"}}';
    expect(parseProgress(line)).toEqual({ step: 120, total: 3000, metrics: { loss: 1.25, diverged: Number.NaN } });
    expect(parseProgress('::repro progress {"step":1,"total":2}')).toEqual({ step: 1, total: 2, metrics: {} });
  });

  it.each([
    'step 1',
    '::repro progress',
    '::repro progress {',
    '::repro progress {"step":"1","total":2}',
    '::repro progress null',
  ])('takes %j for an ordinary line', (line) => expect(parseProgress(line)).toBeNull());
});

test('parseFacts() reads texts by name, and nothing else', () => {
  expect(parseFacts('::repro facts {"backend":"cpu","threads":2}')).toEqual({ backend: 'cpu' });
  for (const line of [
    'backend cpu',
    '::repro facts',
    '::repro facts {',
    '::repro facts ["cpu"]',
    '::repro facts null',
  ]) {
    expect(parseFacts(line)).toEqual({});
  }
});
