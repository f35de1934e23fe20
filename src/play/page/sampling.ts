// A sample is drawn by the pipeline's own sampler, one step after another, and its likelihood looked at as it forms.
import { sample, type SamplingRun } from '../../diffusion/sampler.ts';
import { samplersOf, type NamedSampler } from '../../models/samplers.ts';
import type { HostTensors, Program } from '../../tensor/program.ts';
import { Chart, course } from './charts.ts';
import type { Desk } from './desk.ts';
import { byId, element } from '../../dom/element.ts';
import { shown } from './shown.ts';
import { UNIT } from './likelihood.ts';
import { show } from './picture.ts';

/** What there was to see at a step: x_t, and the image that the model saw in it. */
interface Frame {
  readonly t: number;
  readonly x: Float32Array;
  readonly denoised: Float32Array;
  /** Of the image without noise, at t = 0. */
  readonly bits: number;
}

/** What the reader asked for. */
interface Wanted {
  readonly sampler: NamedSampler;
  readonly seed: number;
  readonly first: number;
  readonly label: number | undefined;
  readonly guidance: number;
}

/** Where the steps of each sampler stand among the parameters. */
const COUNTS = { ddpm: 'ddpmSteps', ddim: 'ddimSteps', 'dpm-solver': 'dpmSolverSteps' } as const;

/** Ends a drawing that is no longer wanted. */
class Stopped extends Error {}

export function openSampling(desk: Desk): void {
  new Sampling(desk);
}

class Sampling {
  readonly #desk: Desk;
  readonly #chart = new Chart(byId('course'));
  readonly #scrub = byId<HTMLInputElement>('scrub');
  #frames: Frame[] = [];
  #total = 0;
  /** Of the drawing that goes on; another one means that it is no longer wanted. */
  #turn = 0;
  #paused = false;
  #goOn: () => void = () => {};
  #done: { readonly x: Float32Array; readonly label: number | undefined } | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#openControls();
    byId('draw').addEventListener('click', () => void this.#start(false));
    byId('step').addEventListener('click', () => this.#step());
    byId('pause').addEventListener('click', () => this.#pause(!this.#paused));
    this.#scrub.addEventListener('input', () => this.#show(Number(this.#scrub.value)));
    byId('look-at-sample').addEventListener('click', () => {
      if (this.#done === undefined) return;
      desk.choose({ ...this.#done, name: 'The sample' });
      byId('image').scrollIntoView();
    });
  }

  #openControls(): void {
    const { contents, network } = this.#desk;
    const steps = byId<HTMLInputElement>('steps');
    const sampler = byId<HTMLSelectElement>('sampler');
    const fill = (): void => {
      steps.value = String(contents.sampling[COUNTS[sampler.value as keyof typeof COUNTS]]);
    };
    steps.max = String(network.model.schedule.T);
    sampler.addEventListener('change', fill);
    // Its noise makes good what the step before got wrong: of a short training, its samples are the best to look at.
    sampler.value = 'ddpm';
    fill();
    byId<HTMLInputElement>('seed').value = String(contents.made.seed);
    if (network.labels === undefined) return;
    const label = byId<HTMLSelectElement>('sample-label');
    for (let i = 0; i < network.labels; i++) label.append(element('option', { value: i }, String(i)));
    label.append(element('option', { value: network.labels }, 'not known'));
    byId('guided').hidden = false;
  }

  #wanted(): Wanted {
    const value = (id: string): number => byId<HTMLInputElement>(id).valueAsNumber;
    const name = byId<HTMLSelectElement>('sampler').value as keyof typeof COUNTS;
    const { sampling } = this.#desk.contents;
    const named = samplersOf({ ...sampling, count: 1, [COUNTS[name]]: value('steps') });
    const isConditional = this.#desk.network.labels !== undefined;
    return {
      sampler: named.find((sampler) => sampler.name === name)!,
      seed: value('seed'),
      first: value('first'),
      label: isConditional ? Number(byId<HTMLSelectElement>('sample-label').value) : undefined,
      guidance: isConditional ? value('guidance') : 0,
    };
  }

  #step(): void {
    if (this.#done === undefined && this.#frames.length > 0) {
      this.#pause(true);
      this.#goOn();
    } else void this.#start(true);
  }

  #pause(paused: boolean): void {
    this.#paused = paused;
    byId('pause').textContent = paused ? 'Go on' : 'Pause';
    if (!paused) this.#goOn();
  }

  async #start(paused: boolean): Promise<void> {
    const form = byId<HTMLFormElement>('sampling');
    if (!form.reportValidity()) return;
    const turn = ++this.#turn;
    // One that waits finds that it is no longer wanted.
    this.#goOn();
    const wanted = this.#wanted();
    const { sampler, seed, first, label, guidance } = wanted;
    this.#frames = [];
    this.#done = undefined;
    byId<HTMLButtonElement>('look-at-sample').disabled = true;
    byId<HTMLButtonElement>('pause').disabled = false;
    byId('sample').removeAttribute('data-values');
    this.#pause(paused);
    try {
      const parts = await this.#desk.ask((network) => network.denoiser(guidance));
      const grid = sampler.grid(parts.schedule.T);
      this.#total = grid.length;
      const denoiser = this.#watched(parts, turn, label);
      const labels = label === undefined ? undefined : Int32Array.of(label);
      const run = { ...parts, denoiser, rule: sampler.rule, grid, seed, first, count: 1, ...(labels && { labels }) };
      const { samples } = await sample(run);
      await this.#finish(samples, label);
    } catch (error) {
      if (!(error instanceof Stopped)) byId('drawn').textContent = String(error);
    }
  }

  /** The denoiser, looked at: each time that the sampler asks it, the reader sees what it was asked and what it said. */
  #watched({ denoiser }: Pick<SamplingRun, 'denoiser'>, turn: number, label: number | undefined): Program {
    const run = async (inputs: HostTensors): Promise<HostTensors> => {
      const outputs = await this.#desk.ask(() => denoiser.run(inputs));
      const [x, t] = [(inputs['x'] as Float32Array).slice(), inputs['t']![0]!];
      const denoised = this.#desk.network.denoised(x, outputs['value']!, t);
      const clean = await this.#desk.ask((network) => network.logDensity(denoised, 0, label));
      if (turn !== this.#turn) throw new Stopped();
      this.#add({ t, x, denoised, bits: this.#desk.network.bits(clean) });
      if (this.#paused) await new Promise<void>((resolve) => (this.#goOn = resolve));
      else await shown();
      if (turn !== this.#turn) throw new Stopped();
      return outputs;
    };
    return { ...denoiser, run };
  }

  #add(frame: Frame): void {
    this.#frames.push(frame);
    this.#scrub.max = String(this.#frames.length - 1);
    this.#scrub.value = this.#scrub.max;
    this.#scrub.disabled = false;
    this.#show(this.#frames.length - 1);
  }

  #show(index: number): void {
    const { shape } = this.#desk.contents;
    const { t, x, denoised, bits } = this.#frames[index]!;
    show(byId('forming'), x, shape, `The sample at noise level ${t}`);
    show(byId('sample'), denoised, shape, `What the model sees in the noise at level ${t}`);
    const text = `Step ${index + 1} of ${this.#total}, t = ${t}`;
    this.#scrub.setAttribute('aria-valuetext', text);
    byId('drawn').textContent = `${text}: the image that it sees has ${bits.toFixed(3)} ${UNIT}.`;
    const values = this.#frames.slice(0, index + 1).map((frame) => frame.bits);
    this.#chart.show(course(values, this.#total, this.#desk.testBits, UNIT));
  }

  async #finish(samples: Float32Array, label: number | undefined): Promise<void> {
    const { shape } = this.#desk.contents;
    const clean = await this.#desk.ask((network) => network.logDensity(samples, 0, label));
    const bits = this.#desk.network.bits(clean);
    const { labels } = this.#desk.network;
    this.#done = { x: samples, label: label === labels ? undefined : label };
    show(byId('forming'), samples, shape, 'The sample');
    show(byId('sample'), samples, shape, 'The sample');
    byId('sample').dataset['values'] = Array.from(samples).join(' ');
    byId('drawn').textContent =
      `The sample has ${bits.toFixed(3)} ${UNIT}, after ${this.#total} evaluations of the network.`;
    byId<HTMLButtonElement>('look-at-sample').disabled = false;
    byId<HTMLButtonElement>('pause').disabled = true;
  }
}
