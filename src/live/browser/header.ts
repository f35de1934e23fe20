// What run it is, how far it is, and how it came out.
import { element } from '../../dom/element.ts';
import { elapsedText, setText } from './cell-row.ts';
import type { Model } from './model.ts';
import { countsText, isDone } from './stages.ts';

export class Header {
  readonly element: HTMLElement;
  readonly #name = element('h1', {}, 'repro run');
  readonly #verdict = element('span', { class: 'verdict' });
  readonly #facts = element('span', { class: 'quiet' });
  readonly #bar = element('progress', { max: '1', 'aria-label': 'Progress of the run' });
  readonly #counts = element('span', {});

  constructor() {
    const outcome = element('p', { class: 'outcome' }, this.#verdict, this.#facts);
    this.element = element(
      'header',
      {},
      this.#name,
      outcome,
      element('p', { class: 'total' }, this.#bar, this.#counts),
    );
  }

  draw({
    run,
    cells,
    now,
  }: {
    readonly run: Model['run'];
    readonly cells: Model['cells'];
    readonly now: number;
  }): void {
    if (run === null) return;
    const all = [...cells.values()];
    const done = all.filter(isDone).length;
    setText(this.#name, run.pipeline ?? 'repro run');
    setText(this.#verdict, run.outcome ?? (run.phase === 'running' ? 'running' : 'about to begin'));
    this.#verdict.className = `verdict ${run.outcome === null ? '' : run.isFine ? 'pass' : 'fail'}`;
    const profile = run.profile === null ? [] : [`profile ${run.profile}`];
    setText(this.#facts, run.id === null ? '' : [`run ${run.id}`, ...profile].join(', '));
    this.#bar.hidden = all.length === 0;
    this.#bar.value = all.length === 0 ? 0 : done / all.length;
    const time = elapsedText((run.until ?? now) - run.since);
    setText(this.#counts, all.length === 0 ? '' : `${countsText(all)}, ${time}`);
    const percent = all.length === 0 ? '' : `${Math.floor((100 * done) / all.length)}% `;
    document.title = `${run.outcome ?? percent}${run.outcome === null ? '' : ': '}${run.pipeline ?? 'repro run'}`;
  }
}
