// Gates as a Markdown table, for the summary of a CI job.
import type { Manifest, ManifestGate } from '../schema/types.ts';
import { limitsText } from './limits-text.ts';
import { asMarkdown, markdownCode, markdownTable } from './markdown-text.ts';
import { valueText } from './number-text.ts';

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
export function measuredText({ measured }: Pick<ManifestGate, 'measured'>): string {
  const values = measured.map((entry) => entry.value);
  if (values.length === 0) return 'nothing';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = least === most ? valueText(least) : `${valueText(least)} to ${valueText(most)}`;
  return values.length === 1 ? range : `${range} (${values.length} cells)`;
}
