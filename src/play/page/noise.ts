// Noise is added to the image, and the classifier says how much there is and what is behind it.
import { noised } from '../../diffusion/schedule.ts';
import { normals } from '../../tensor/random.ts';
import { Chart, posterior } from './charts.ts';
import { latest, type Desk } from './desk.ts';
import { byId } from '../../dom/element.ts';
import { shown } from './shown.ts';
import { givenLabel } from './likelihood.ts';
import { show } from './picture.ts';

export function openNoise(desk: Desk): void {
  const { schedule } = desk.network.model;
  const slider = byId<HTMLInputElement>('t');
  slider.max = String(schedule.T);
  slider.value = String(Math.round(schedule.T / 2));
  const chart = new Chart(byId('posterior'));
  let draw = 0;
  const update = latest(() => showNoise(desk, chart, Number(slider.value), draw));
  slider.addEventListener('input', update);
  byId('other-noise').addEventListener('click', () => {
    draw++;
    update();
  });
  desk.onChoice(update);
  byId('label').addEventListener('change', update);
  if (desk.chosen !== undefined) update();
}

async function showNoise(desk: Desk, chart: Chart, t: number, draw: number): Promise<void> {
  const { contents, network } = desk;
  const { schedule } = network.model;
  const [alpha, sigma] = [schedule.alpha[t]!, schedule.sigma[t]!];
  const epsilon = normals({ seed: contents.made.seed, purpose: 'play/noise', step: draw }, network.dim);
  const x = noised(desk.chosen!.x, epsilon, schedule, t);
  byId('t').setAttribute('aria-valuetext', `t = ${t}, standard deviation ${sigma.toFixed(3)}`);
  byId('level').textContent = `t = ${t}: α = ${alpha.toFixed(3)}, σ = ${sigma.toFixed(3)}`;
  show(byId('noisy'), x, contents.shape, `The image with noise of standard deviation ${sigma.toFixed(2)}`);
  const look = await desk.ask((network) => network.look(x, t, givenLabel(desk)));
  show(byId('denoised'), look.denoised, contents.shape, 'The image as the model thinks it was without the noise');
  const likeliest = look.posterior.indexOf(Math.max(...look.posterior));
  byId('guess').textContent =
    `The classifier's guess is t = ${likeliest}, and it gives the true t = ${t} a probability of ${look.posterior[t]!.toFixed(3)}.`;
  Object.assign(byId('posterior').dataset, { t: String(t), likeliest: String(likeliest) });
  chart.show(posterior(look.posterior, t));
  await shown();
}
