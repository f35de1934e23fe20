// `repro gate [MANIFEST]`: the verdicts of a run; only PASS on every gate ends with 0.
import { type ExitCode, exitCode } from '../error.ts';
import { limitsText } from '../manifest/gates.ts';
import { count, valueText } from '../manifest/number-text.ts';
import { visibleText } from '../manifest/visible-text.ts';
import type { ManifestGate } from '../schema/types.ts';
import { paint, print, printJson, terminalWidth } from './print.ts';
import { loadManifest, type ProjectOptions } from './project.ts';
import { tableLines } from './table.ts';

export async function gateVerb(
  options: ProjectOptions & { readonly json?: boolean },
  name: string | undefined,
): Promise<ExitCode> {
  const { manifest } = await loadManifest(options, name ?? 'latest');
  const passed = manifest.gates.every((gate) => gate.verdict === 'PASS');
  if (options.json) printJson({ run: manifest.run, passed, gates: manifest.gates });
  else if (manifest.gates.length === 0) print('This pipeline has no gates.');
  else for (const line of [...gateLines(manifest.gates), '', gateSummary(manifest.gates)]) print(line);
  return passed ? exitCode.ok : exitCode.gate;
}

const verdictStyle = { PASS: 'green', FAIL: 'red', INCONCLUSIVE: 'yellow', UNMEASURED: 'yellow' } as const;

/** The table of gates with their verdicts and the reason of each that did not pass. */
export function gateLines(gates: readonly ManifestGate[]): string[] {
  const [titles = '', ...lines] = tableLines(
    [{ title: 'gate' }, { title: 'verdict' }, { title: 'limits' }, { title: 'measured' }, { title: 'number' }],
    gates.map((gate) => [
      visibleText(gate.name),
      paint(verdictStyle[gate.verdict], gate.verdict),
      limitsText(gate),
      measuredText(gate),
      visibleText(gate.number),
    ]),
    terminalWidth(),
  );
  return [
    paint('dim', titles),
    ...gates.flatMap((gate, index) => {
      const line = lines[index] ?? '';
      return gate.reason === undefined ? [line] : [line, paint('dim', `    ${visibleText(gate.reason)}`)];
    }),
  ];
}

/** One value, or the range over the cells a gate holds for. */
function measuredText({ measured }: ManifestGate): string {
  const values = measured.map((entry) => entry.value);
  if (values.length === 0) return 'nothing';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = least === most ? valueText(least) : `${valueText(least)} to ${valueText(most)}`;
  return values.length === 1 ? range : `${range} (${values.length} cells)`;
}

/** `5 gates: 4 PASS, 1 FAIL`. */
export function gateSummary(gates: readonly ManifestGate[]): string {
  const verdicts = [...new Set(gates.map((gate) => gate.verdict))];
  const parts = verdicts.map((verdict) =>
    paint(verdictStyle[verdict], `${gates.filter((gate) => gate.verdict === verdict).length} ${verdict}`),
  );
  return `${count(gates.length, 'gate')}: ${parts.join(', ')}`;
}
