// The gates of several runs beside each other, those with different verdicts first.
import { limitsText, standardErrorsOf } from '../../manifest/gates/limits-text.ts';
import { measuredText } from '../../manifest/gates/summary.ts';
import type { ManifestGate } from '../../schema/types.ts';
import { bounded, mostEntries } from '../bounded.ts';
import { type Html, html } from '../html.ts';
import type { Side } from './side.ts';

export function sideGateNames(runs: readonly Side[]): string[] {
  const names = [...new Set(runs.flatMap(({ manifest }) => manifest.gates.map(({ name }) => name)))];
  const differs = (name: string) => new Set(gatesOf(runs, name).map((gate) => gate?.verdict)).size > 1;
  return [...names.filter(differs), ...names.filter((name) => !differs(name))];
}

function gatesOf(runs: readonly Side[], name: string): (ManifestGate | undefined)[] {
  return runs.map(({ manifest }) => manifest.gates.find((gate) => gate.name === name));
}

export function sideGateTable(names: readonly string[], runs: readonly Side[]): Html {
  const errors = runs.map(({ manifest }) => standardErrorsOf(manifest.numbers));
  const { shown, note } = bounded(names, mostEntries, 'repro gate has them.');
  return html`<div class="wide" tabindex="0" role="region" aria-label="Gates">
      <table class="gates sides">
        <thead>
          <tr>
            <th scope="col">gate</th>
            ${runs.map(({ label }) => html`<th scope="col" class="run">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map((name) => {
            const gates = gatesOf(runs, name);
            const limits = [...new Set(gates.flatMap((gate) => (gate === undefined ? [] : [askedText(gate)])))];
            const common = limits.length === 1 ? limits[0]! : null;
            return html`<tr>
              <th scope="row">${name} ${common === null ? null : html`<span class="note">${common}</span>`}</th>
              ${gates.map((gate, index) => html`<td>${gateCell(gate, errors[index]!, common === null)}</td>`)}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    ${note}`;
}

const askedText = (gate: ManifestGate): string => `${gate.number} ${limitsText(gate)}`;

function gateCell(
  gate: ManifestGate | undefined,
  errors: ReturnType<typeof standardErrorsOf>,
  withLimits: boolean,
): Html {
  if (gate === undefined) return html`<span class="quiet">not there</span>`;
  return html`<span class="verdict ${gate.verdict.toLowerCase()}">${gate.verdict}</span> ${measuredText(gate, errors)}
    ${withLimits ? html`<p class="reason">${askedText(gate)}</p>` : null}
    ${gate.reason === undefined ? null : html`<p class="reason">${gate.reason}</p>`}
    ${gate.warning === undefined ? null : html`<p class="reason">Warning: ${gate.warning}</p>`}`;
}
