// Gates as JUnit XML, which every CI shows: a gate is a test case, and what is not PASS is never green.
import type { Manifest, ManifestGate } from '../../schema/types.ts';
import { limitsText, measuredValueText, type StandardErrors, standardErrorsOf } from './limits-text.ts';
import { visibleText } from '../text/visible-text.ts';

/** FAIL is a failure; INCONCLUSIVE and UNMEASURED are errors: nothing was decided. */
export function junitXml({
  gates,
  numbers,
  pipeline,
  run,
}: Pick<Manifest, 'gates' | 'numbers' | 'pipeline' | 'run'>): string {
  const errors = standardErrorsOf(numbers);
  const failures = gates.filter(({ verdict }) => verdict === 'FAIL').length;
  const undecided = gates.filter(({ verdict }) => verdict !== 'FAIL' && verdict !== 'PASS').length;
  const counts = `tests="${gates.length}" failures="${failures}" errors="${undecided}"`;
  const suite = `name="${xmlText(pipeline.name)}" id="${xmlText(run.id)}" timestamp="${xmlText(run.finishedAt)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite ${suite} ${counts}>
${gates.map((gate) => testCase(gate, errors)).join('')}  </testsuite>
</testsuites>
`;
}

function testCase(gate: ManifestGate, errors: StandardErrors): string {
  const lines = [
    `${gate.number}: ${limitsText(gate)}`,
    ...gate.measured.map((each) => `measured ${each.address} = ${measuredValueText(gate, each, errors)}`),
    ...(gate.reason === undefined ? [] : [gate.reason]),
    ...(gate.warning === undefined ? [] : [`warning: ${gate.warning}`]),
  ].map(xmlText);
  const element = gate.verdict === 'FAIL' ? 'failure' : 'error';
  const outcome =
    gate.verdict === 'PASS'
      ? ''
      : `      <${element} type="${gate.verdict}" message="${xmlText(gate.reason ?? gate.verdict)}"/>\n`;
  return `    <testcase classname="gates" name="${xmlText(gate.name)}">
${outcome}      <system-out>${lines.join('\n')}</system-out>
    </testcase>
`;
}

/** Text for XML 1.0, in which control characters and noncharacters cannot be written at all. */
function xmlText(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
  return visibleText(text)
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"']/g, (character) => entities[character]!);
}
