// A cell as a row of its stage: how far it is, and what is said of it.
import { durationText } from '../../manifest/text/number-text.ts';
import { element } from '../../dom/element.ts';
import type { LiveCell } from '../message.ts';

export class CellRow {
  readonly element = element('li', {});
  readonly #name: HTMLElement;
  readonly #status = element('span', { class: 'status' });
  readonly #bar: HTMLProgressElement;
  readonly #time = element('span', { class: 'nowrap' });
  readonly #said = element('span', { class: 'said' });
  readonly #tail = element('pre', { tabindex: '0' });

  /** @param name What tells it from the others of its stage; none where it is alone */
  constructor(cell: LiveCell, name: string | null) {
    this.#name = element('code', {}, name);
    this.#name.hidden = name === null;
    this.#bar = element('progress', { max: '1', 'aria-label': `Progress of ${cell.id}` });
    this.#tail.setAttribute('aria-label', `Last lines of the log of ${cell.id}`);
    this.element.append(this.#name, this.#status, this.#bar, this.#time, this.#said, this.#tail);
  }

  draw(cell: LiveCell, now: number): void {
    const { status, said, done, since, seconds, tail } = cell;
    setText(this.#status, status);
    this.#status.className = `status ${status}`;
    this.#bar.hidden = done === null;
    if (done !== null) this.#bar.value = done;
    const time = status === 'running' && since !== null ? elapsedText(now - since) : null;
    setText(this.#time, time ?? (seconds === null ? '' : durationText(seconds)));
    setText(this.#said, said);
    this.#tail.hidden = tail.length === 0;
    setText(this.#tail, tail.join('\n'));
  }
}

/** What changes each second has no tenths. */
export const elapsedText = (seconds: number): string =>
  durationText(Math.max(0, Math.floor(seconds))).replace('.0', '');

/** Leaves a text alone that is right: a selection in it stays. */
export function setText(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
