// Gates as a table. Apart from the verb: a run that has nothing to do shows them without loading what judges them.
import { measuredText } from '../../manifest/gates/summary.ts';
import { limitsText, standardErrorsOf } from '../../manifest/gates/limits-text.ts';
import { gatesLeftOut } from '../../manifest/gates/left-out.ts';
import { standingText } from '../../manifest/standing.ts';
import type { GateTrials } from '../../project/gates.ts';
import { count } from '../../manifest/text/number-text.ts';
import type { Manifest, ManifestGate } from '../../schema/types.ts';
import { paint, terminalWidth } from './print.ts';
import { layOut } from './table.ts';

/** How many gates a sentence names. */
const namedAtMost = 5;

const verdictStyle = { PASS: 'green', FAIL: 'red', INCONCLUSIVE: 'yellow', UNMEASURED: 'yellow' } as const;

/** The table of gates with their verdicts and the reason of each that did not pass. */
export function gateLines({ gates, numbers }: Pick<Manifest, 'gates' | 'numbers'>): string[] {
  const errors = standardErrorsOf(numbers);
  const { titles, rows } = layOut(
    [{ title: 'gate' }, { title: 'verdict' }, { title: 'limits' }, { title: 'measured' }, { title: 'number' }],
    gates.map((gate) => [
      gate.name,
      paint(verdictStyle[gate.verdict], gate.verdict),
      limitsText(gate),
      measuredText(gate, errors),
      gate.number,
    ]),
    terminalWidth(),
  );
  return [
    ...titles.map((title) => paint('dim', title)),
    ...gates.flatMap((gate, index) => {
      return [
        ...(rows[index] ?? []),
        ...(gate.reason === undefined ? [] : [paint('dim', `    ${gate.reason}`)]),
        ...(gate.warning === undefined ? [] : [paint('yellow', `    warning: ${gate.warning}`)]),
      ];
    }),
  ];
}

/** `5 gates: 4 PASS, 1 FAIL`. */
export function gateSummary(gates: readonly ManifestGate[]): string {
  const verdicts = [...new Set(gates.map((gate) => gate.verdict))];
  const parts = verdicts.map((verdict) =>
    paint(verdictStyle[verdict], `${gates.filter((gate) => gate.verdict === verdict).length} ${verdict}`),
  );
  return `${count(gates.length, 'gate')}: ${parts.join(', ')}`;
}

/** What a run of chosen stages says nothing about; no line for a run that had all stages. @param ids Stages of the run. */
export function leftOutLines(gates: readonly ManifestGate[], ids: Iterable<string>): string[] {
  const names = gatesLeftOut(gates, ids);
  if (names.length === 0) return [];
  const verb = names.length === 1 ? 'needs' : 'need';
  const more = names.length > namedAtMost ? `, and ${names.length - namedAtMost} more` : '';
  return [
    `${count(names.length, 'gate')} ${verb} stages that this run left out (${names.slice(0, namedAtMost).join(', ')}${more}): neither passed nor failed. Run the whole pipeline to judge.`,
  ];
}

/** The gates of a run, and what they do not speak of. */
export function gateVerdictLines(manifest: Manifest): string[] {
  const { gates, run, stages } = manifest;
  if (gates.length === 0) return ['This pipeline has no gates.'];
  const ids = stages.map(({ id }) => id);
  const standing = standingText(manifest);
  const unfinished = `Run ${run.id} is ${run.outcome}: what it did not finish is not measured.`;
  return [
    ...(standing === null ? [] : [`Run ${run.id}: ${standing}`]),
    ...gateLines(manifest),
    '',
    gateSummary(gates),
    ...leftOutLines(gates, ids),
    ...(run.outcome === 'complete' ? [] : [unfinished]),
  ];
}

/** Which gates can fail, and how each was tried. */
export function gateTrialLines(tested: GateTrials['gates']): string[] {
  if (tested.length === 0) return ['This pipeline has no gates.'];
  const able = tested.filter(({ canFail }) => canFail).length;
  return [
    ...tested.flatMap(({ gate, canFail, trials, reason }) => [
      `${canFail ? paint('green', 'can fail') : paint('red', 'cannot fail')}  ${gate}${reason === undefined ? '' : `: ${reason}`}`,
      ...trials.map(({ what, verdict }) => paint('dim', `    ${what}: ${verdict}`)),
    ]),
    `${count(tested.length, 'gate')}: ${able} can fail`,
  ];
}
