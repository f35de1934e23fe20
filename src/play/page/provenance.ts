// Where the page's numbers come from.
import type { Desk } from './desk.ts';
import { byId, element } from '../../dom/element.ts';
import { createHash } from './node/crypto.ts';
import { readFileSync } from './node/fs.ts';
import { files } from './contents.ts';

export function openProvenance(desk: Desk): void {
  const { made, source } = desk.contents;
  const { spec, weights } = desk.network.model;
  const here = `sha256:${createHash('sha256').update(readFileSync(files.model)).digest('hex')}`;
  const { kind, ...shape } = spec.network;
  const shapeText = Object.entries(shape).flatMap(([name, value]) =>
    typeof value === 'object' && !Array.isArray(value) ? [] : [`${name} ${JSON.stringify(value)}`],
  );
  const axes = Object.entries(made.cell).map(([axis, value]) => `${axis}=${value}`);
  const facts: readonly (readonly [string, string, boolean?])[] = [
    ['Network', `${kind}: ${shapeText.join(', ')}; head ${spec.head?.kind ?? 'none'}`],
    ['Weights', `${weights.length.toLocaleString('en')}, the moving average over training`],
    ['Schedule', JSON.stringify(spec.schedule).replace(/[{}"]/g, '').replaceAll(':', ' ').replaceAll(',', ', ')],
    ['Checkpoint', made.modelDigest, true],
    ['The same, hashed here', here === made.modelDigest ? 'equal' : here, here !== made.modelDigest],
    ['Data set', made.datasetDigest, true],
    ['Images', source],
    ['Written by', `${made.stage}${axes.length > 0 ? `[${axes.join(',')}]` : ''}, seed ${made.seed}`],
    ['Its numbers', made.numbers],
  ];
  byId('facts').replaceChildren(
    ...facts.map(([name, value, isCode = false]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, isCode ? element('code', {}, value) : value)),
    ),
  );
}
