// Output of the command line, made the same from run to run so that it can be golden.

/**
 * Text with what differs from run to run replaced by the same width: run ids, times, durations, digests, seeds;
 * and the machine.
 * Rates are left out, and results that are restored side by side are put in order.
 */
export function normalized(text: string, root: string): string {
  return text
    .replaceAll(root, '$PROJECT')
    .replace(/\d{8}T\d{6}Z-[0-9a-f]{4}/g, '00000000T000000Z-0000')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '0000-00-00T00:00:00.000Z')
    .replace(/\b\d+(\.\d)? s\b/g, '0.0 s')
    .replace(/\bseed \d+/g, 'seed 0')
    .replace(/sha256:[0-9a-f]{64}/g, `sha256:${'0'.repeat(64)}`)
    .replace(/^machine .*/gm, 'machine $MACHINE')
    .replace(/\bnode v\d+\.\d+\.\d+/g, 'node v0.0.0')
    .replace(/work\/[0-9a-f]{16}/g, `work/${'0'.repeat(16)}`)
    .replace(/, [\d.]+ steps\/s(, 0\.0 s left)?/g, '')
    .replace(/(?:^.*: restored, .*\n)+/gm, (lines) => `${lines.trimEnd().split('\n').sort().join('\n')}\n`);
}
