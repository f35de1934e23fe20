// How much of each move each change explains, where stages were executed to know it.
import type { Attribution, NumberAttribution } from '../../manifest/comparison/attribution.ts';
import {
  effectTexts,
  factorText,
  madeText,
  methodText,
  unmadeText,
} from '../../manifest/comparison/attribution-text.ts';
import { signedText } from '../../manifest/text/decimal-text.ts';
import { bounded, mostEntries } from '../bounded.ts';
import { type Html, html } from '../html.ts';
import type { Sides } from './side.ts';

export function attributionTables({ runs }: Sides, attributions: readonly Attribution[]): Html[] {
  return attributions.map((attribution, index) => attributionOf(attribution, runs[index + 1]!.label));
}

function attributionOf(attribution: Attribution, label: string): Html {
  const { factors, unmade, numbers } = attribution;
  const { shown, note } = bounded(numbers, mostEntries, 'repro diff --attribute has them.');
  return html`<h3>${label}</h3>
    <p class="lead">${methodText(attribution)}. What changes do only together is told apart.</p>
    <ul class="gaps">
      ${factors.map((factor) => html`<li>${factorText(factor)}: ${madeText(factor)}</li>`)}
      ${unmade.map((change) => html`<li>${unmadeText(change)}</li>`)}
    </ul>
    ${note} ${shown.length === 0 ? html`<p>No number moved with a cause.</p>` : numberTable(shown, label)}`;
}

function numberTable(numbers: readonly NumberAttribution[], label: string): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="How much each change explains, ${label}">
    <table class="sides plain">
      <thead>
        <tr>
          <th scope="col">number</th>
          <th scope="col">moved by</th>
          <th scope="col">of it</th>
          <th scope="col">share</th>
          <th scope="col">because of</th>
        </tr>
      </thead>
      ${numbers.map((number) => {
        const effects = effectTexts(number);
        return html`<tbody>
          ${effects.map(
            ({ part, share, text }, index) =>
              html`<tr>
                ${
                  index > 0
                    ? null
                    : html`<th scope="rowgroup" rowspan="${effects.length}"><code>${number.address}</code></th>
                        <td class="nowrap" rowspan="${effects.length}">${signedText(number.delta)}</td>`
                }
                <td class="nowrap">${part}</td>
                <td class="nowrap">${share}</td>
                <td>${text}</td>
              </tr>`,
          )}
        </tbody>`;
      })}
    </table>
  </div>`;
}
