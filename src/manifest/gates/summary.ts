// Gates as a Markdown table, for the summary of a CI job.
import type { Manifest, ManifestGate } from '../../schema/types.ts';
import { limitsOf, limitsText } from './limits-text.ts';
import { asMarkdown, markdownCode, markdownTable } from '../text/markdown-text.ts';
import { rangeText } from '../text/number-text.ts';

export function gateSummaryMarkdown({ gates, pipeline, run }: Pick<Manifest, 'gates' | 'pipeline' | 'run'>): string {
  const passed = gates.filter(({ verdict }) => verdict === 'PASS').length;
  const heading = asMarkdown`### Gates of ${pipeline.name}: ${passed} of ${gates.length} passed`;
  const rows = gates.map((gate) => [
    gate.name,
    gate.verdict === 'PASS' ? 'PASS' : asMarkdown`**${gate.verdict}**`,
    limitsText(gate),
    measuredText(gate),
    [gate.reason ?? '', gate.warning ?? ''].join(' ').trim(),
  ]);
  const table = markdownTable(['gate', 'verdict', 'limits', 'measured', ''], rows);
  return asMarkdown`${heading}\n\n${table}\n\nRun ${markdownCode(run.id)}\n`.text;
}

/** One value, or the range over the cells a gate holds for. */
export function measuredText(gate: Pick<ManifestGate, 'measured' | 'min' | 'max'>): string {
  const { measured } = gate;
  if (measured.length === 0) return 'nothing';
  const limits = new Set(measured.flatMap((each) => limitsOf(gate, each)));
  const range = rangeText(
    measured.map(({ value }) => value),
    [...limits],
  );
  return measured.length === 1 ? range : `${range} (${measured.length} cells)`;
}
