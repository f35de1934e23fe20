// Gates, each once all that it speaks of is known.
import { element } from '../../dom/element.ts';
import { limitsText, measuredValueText, type StandardErrors } from '../../manifest/gates/limits-text.ts';
import type { ManifestGate } from '../../schema/types.ts';

const mostMeasured = 12;

export function gateTable(gates: readonly ManifestGate[], errors: StandardErrors): HTMLElement {
  const head = ['Gate', 'Verdict', 'Limits', 'Measured', 'Number'].map((name) => element('th', { scope: 'col' }, name));
  const table = element(
    'table',
    { class: 'gates' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...gates.map((gate) => gateRow(gate, errors))),
  );
  return element('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Gates' }, table);
}

function gateRow(gate: ManifestGate, errors: StandardErrors): HTMLElement {
  const { name, verdict, measured, number, reason } = gate;
  const values = measured.slice(0, mostMeasured).map((each) => measuredValueText(gate, each, errors));
  const left = measured.length - values.length;
  return element(
    'tr',
    {},
    element('td', {}, name),
    element('td', {}, element('span', { class: `verdict ${verdict.toLowerCase()}` }, verdict)),
    element('td', { class: 'nowrap' }, limitsText(gate)),
    element('td', {}, `${values.join(', ')}${left > 0 ? ` and ${left} more` : ''}`),
    element(
      'td',
      {},
      element('code', {}, number),
      reason === undefined ? null : element('p', { class: 'reason' }, reason),
    ),
  );
}
