// Gates as a table, each with a strip that shows where the measured values lie against the limits.
import { measuredText } from '../manifest/gates/summary.ts';
import { limitsText, measuredValueText, standardErrorsOf } from '../manifest/gates/limits-text.ts';
import type { Manifest, ManifestGate } from '../schema/types.ts';
import { bounded, mostEntries, mostRows } from './bounded.ts';
import { type Html, html } from './html.ts';

export function gateTable({ gates, numbers }: Pick<Manifest, 'gates' | 'numbers'>): Html {
  const errors = standardErrorsOf(numbers);
  const { shown, note } = bounded(gates, mostEntries, 'repro gate has them.');
  return html`<div class="wide">
    <table class="gates">
      <thead>
        <tr>
          <th>Gate</th>
          <th>Verdict</th>
          <th>Limits</th>
          <th>Measured</th>
          <th></th>
          <th>Number</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (gate) =>
            html`<tr>
              <td>${gate.name}</td>
              <td><span class="verdict ${gate.verdict.toLowerCase()}">${gate.verdict}</span></td>
              <td class="limits">${limitsText(gate)}</td>
              <td>
                ${gate.measured.length > mostRows ? measuredText(gate, errors) : gate.measured.map((each) => measuredValueText(gate, each, errors)).join(', ') || 'nothing'}
              </td>
              <td>${strip(gate)}</td>
              <td>
                <code>${gate.number}</code>
                ${gate.reason === undefined ? null : html`<p class="reason">${gate.reason}</p>`}
                ${gate.warning === undefined ? null : html`<p class="reason">Warning: ${gate.warning}</p>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${note}
  </div>`;
}

/** The allowed range as a band, every measured value as a dot. */
function strip({ min, max, measured }: ManifestGate): Html | null {
  const values = measured.map((entry) => entry.value);
  if (values.length === 0 || (min === undefined && max === undefined)) return null;
  const lowest = values.reduce((a, b) => Math.min(a, b));
  const highest = values.reduce((a, b) => Math.max(a, b));
  const ends = [lowest, highest, min ?? Math.min(0, lowest), max ?? highest];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const margin = (most - least || 1) * 0.12;
  const x = (value: number) => (((value - least + margin) / (most - least + 2 * margin)) * 120).toFixed(1);
  const left = min === undefined ? '0' : x(min);
  const right = max === undefined ? '120' : x(max);
  return html`<svg class="strip" viewBox="0 0 120 14" role="img" aria-label="measured values against the limits">
    <rect class="allowed" x="${left}" y="1" width="${(Number(right) - Number(left)).toFixed(1)}" height="12" rx="2" />
    ${values.slice(0, mostRows).map((value) => {
      const inside = (min === undefined || value >= min) && (max === undefined || value <= max);
      return html`<circle class="${inside ? 'inside' : 'outside'}" cx="${x(value)}" cy="7" r="3" />`;
    })}
  </svg>`;
}
