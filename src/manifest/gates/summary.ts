// Gates as a Markdown table, for the summary of a CI job.
import type { Manifest, ManifestGate } from '../../schema/types.ts';
import { limitsText, measuredValueText, type StandardErrors, standardErrorsOf } from './limits-text.ts';
import { asMarkdown, markdownCode, markdownTable } from '../text/markdown-text.ts';

export function gateSummaryMarkdown({
  gates,
  numbers,
  pipeline,
  run,
}: Pick<Manifest, 'gates' | 'numbers' | 'pipeline' | 'run'>): string {
  const errors = standardErrorsOf(numbers);
  const passed = gates.filter(({ verdict }) => verdict === 'PASS').length;
  const heading = asMarkdown`### Gates of ${pipeline.name}: ${passed} of ${gates.length} passed`;
  const rows = gates.map((gate) => [
    gate.name,
    gate.verdict === 'PASS' ? 'PASS' : asMarkdown`**${gate.verdict}**`,
    limitsText(gate),
    measuredText(gate, errors),
    [gate.reason ?? '', gate.warning ?? ''].join(' ').trim(),
  ]);
  const table = markdownTable(['gate', 'verdict', 'limits', 'measured', ''], rows);
  return asMarkdown`${heading}\n\n${table}\n\nRun ${markdownCode(run.id)}\n`.text;
}

/** One value, or the range over the cells a gate holds for. */
export function measuredText(gate: Pick<ManifestGate, 'measured' | 'min' | 'max'>, errors: StandardErrors): string {
  const [first, ...others] = gate.measured;
  if (first === undefined) return 'nothing';
  const least = others.reduce((least, each) => (each.value < least.value ? each : least), first);
  const most = others.reduce((most, each) => (each.value > most.value ? each : most), first);
  const range = new Set([least, most].map((each) => measuredValueText(gate, each, errors)));
  const cells = others.length === 0 ? '' : ` (${gate.measured.length} cells)`;
  return `${[...range].join(' to ')}${cells}`;
}
