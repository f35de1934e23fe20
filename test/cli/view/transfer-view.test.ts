// What is said of bytes on their way.
import { afterEach, expect, test, vi } from 'vitest';
import { bytesLine, openTransferView } from '../../../src/cli/view/transfer-view.ts';

afterEach(() => void vi.restoreAllMocks());

test.each([
  [{ bytes: 0, totalBytes: 0 }, 0, '0 bytes of 0 bytes, 0 bytes/s'],
  [{ bytes: 1024, totalBytes: 4096 }, 1, '1 KiB of 4 KiB, 1 KiB/s, 3.0 s left'],
  [{ bytes: 1234567890, totalBytes: 3456789012345 }, 100, '1.15 GiB of 3219 GiB, 11.77 MiB/s, 77 h 45 min left'],
  [{ bytes: 4096, totalBytes: 4096 }, 1, '4 KiB of 4 KiB, 4 KiB/s'],
])('%j after %d s fits a terminal of 60 columns', (progress, seconds, expected) => {
  const line = bytesLine({ done: 1, objects: 2, ...progress }, seconds);
  expect(line).toBe(expected);
  expect(`  › ${line}`.length).toBeLessThanOrEqual(60);
});

test('a file has few lines, and JSON none', () => {
  const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const now = vi.spyOn(performance, 'now');
  let clock = 0;
  now.mockImplementation(() => clock);
  for (const json of [false, true]) {
    const view = openTransferView('pushing', { json });
    for (let i = 0; i < 250; i++, clock += 100) {
      view.onProgress({ done: i, objects: 250, bytes: i * 1024, totalBytes: 250 * 1024 });
    }
    expect(written.mock.calls.length).toBe(2);
  }
  expect(String(written.mock.calls[0]![0])).toMatch(/^pushing: \d+ of 250 objects, .* left\n$/);
});
