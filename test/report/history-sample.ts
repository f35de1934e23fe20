// Runs that followed each other: a number with an error, an exact one, a gate that failed once, a run with other settings.
import type { PageHistory, PageRun } from '../../src/report/history/page.ts';

type Point = PageHistory['numbers'][number]['points'][number];

export function historyRun(index: number, changes: Partial<PageRun> = {}): PageRun {
  const day = String(1 + (index % 28)).padStart(2, '0');
  const id = `202611${day}T101500Z-${index.toString(16).padStart(4, '0')}`;
  const [startedAt, finishedAt] = [`2026-11-${day}T10:15:00.000Z`, `2026-11-${day}T10:16:00.000Z`];
  return {
    run: { id, startedAt, finishedAt, outcome: 'complete' },
    pipeline: { profile: null, overrides: {} },
    pipelineName: 'sample-experiment',
    git: { commit: `${index}3458c0f5a1d9c3b7e2f4a6b8c0d1e2f3a4b5c6d`.slice(0, 40), dirty: null },
    seconds: 60,
    verdict: index === 1 ? 'gate' : 'ok',
    verdicts: [{ name: 'low', verdict: index === 1 ? 'FAIL' : 'PASS' }],
    isLatest: false,
    tags: [],
    changes:
      index === 0
        ? null
        : [{ kind: 'parameter', name: 'rate', from: String(index), to: String(index + 1), stages: ['train'] }],
    page: null,
    ...changes,
  };
}

/** @param count Of runs */
export function history(count: number, numbers = 1): PageHistory {
  const points = (offset: number, standardError: number | null): Point[] =>
    Array.from({ length: count }, (_, run) => ({ run, value: offset + run / 10, standardError }));
  return {
    runs: Array.from({ length: count }, (_, index) => historyRun(index)),
    unreadable: [],
    numbers: [
      { address: 'train.loss', unit: 'nats', isGated: true, points: points(1, 0.05) },
      { address: 'train.weights', unit: '1', isGated: false, points: points(1000, null) },
      ...Array.from({ length: numbers }, (_, index) => ({
        address: `test.accuracy-${index}`,
        unit: '1',
        isGated: false,
        points: points(index, 0.02),
      })),
    ],
  };
}
