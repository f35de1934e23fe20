// An image is chosen or drawn, and the model says how likely it is.
import { dequantize } from '../../diffusion/likelihood.ts';
import { logSoftmax } from '../../statistics/log-softmax.ts';
import { Chart, histogram, labelShares } from './charts.ts';
import { latest, type Chosen, type Desk } from './desk.ts';
import { byId, element } from '../../dom/element.ts';
import { shown } from './shown.ts';
import { Board, show, showPixels } from './picture.ts';

const TOGETHER = 10;
export const UNIT = 'bits/dim';

/** Sets up the choice of an image and its likelihood. Resolves when the first test images are computed. */
export async function openLikelihood(desk: Desk): Promise<void> {
  const { contents, network } = desk;
  const board = new Board(byId('board'), contents.shape, (pixels) => {
    const x = dequantize(pixels, { seed: contents.made.seed, purpose: 'play/drawing' });
    desk.choose({ x, name: 'Your drawing' });
  });
  byId('clear').addEventListener('click', () => board.clear());

  const chart = new Chart(byId('histogram'));
  const update = latest(() => showLikelihood(desk, chart));
  desk.onChoice((chosen) => {
    // A drawing or a sample is none of the test images.
    if (chosen.known === undefined) {
      for (const input of document.querySelectorAll<HTMLInputElement>('#images input')) input.checked = false;
    }
    show(byId('chosen'), chosen.x, contents.shape, chosen.name);
    byId('chosen-name').textContent = `${chosen.name}${chosen.label === undefined ? '' : `, a ${chosen.label}`}`;
    if (network.labels !== undefined) {
      byId<HTMLSelectElement>('label').value = String(chosen.label ?? network.labels);
    }
    update();
  });
  if (network.labels !== undefined) openLabels(desk, network.labels, update);
  await openTestImages(desk);
}

/** The label that a conditional model is given, "not known" by its number of labels. */
export function givenLabel(desk: Desk): number | undefined {
  const { labels } = desk.network;
  return labels === undefined ? undefined : Number(byId<HTMLSelectElement>('label').value);
}

function openLabels(desk: Desk, labels: number, onChange: () => void): void {
  const select = byId<HTMLSelectElement>('label');
  for (let label = 0; label < labels; label++) select.append(element('option', { value: label }, String(label)));
  select.append(element('option', { value: labels }, 'not known'));
  select.addEventListener('change', onChange);
  byId('label-row').hidden = false;
  byId('labels').hidden = false;
  const chart = new Chart(byId('label-shares'));
  desk.onChoice(latest(() => showLabels(desk, labels, chart)));
}

/** Zero-shot classification: Bayes' rule with a forward pass for each label. */
async function showLabels(desk: Desk, labels: number, chart: Chart): Promise<void> {
  const { x } = desk.chosen!;
  const joint: number[] = [];
  for (let label = 0; label < labels; label++) {
    const logDensity = await desk.ask((network) => network.logDensity(x, 0, label));
    joint.push(logDensity + Math.log(desk.contents.frequencies?.[label] ?? 1));
    await shown();
  }
  const shares = logSoftmax(joint, labels).map(Math.exp);
  byId('label-shares').dataset['likeliest'] = String(shares.indexOf(Math.max(...shares)));
  chart.show(labelShares(shares));
}

async function showLikelihood(desk: Desk, chart: Chart): Promise<void> {
  const chosen = desk.chosen!;
  const label = givenLabel(desk);
  const [clean, first] = [
    await desk.ask((network) => network.logDensity(chosen.x, 0, label)),
    await desk.ask((network) => network.logDensity(chosen.x, 1, label)),
  ];
  const [bits, bitsFirst] = [desk.network.bits(clean), desk.network.bits(first)];
  const output = byId('likelihood');
  Object.assign(output.dataset, { logDensity: String(clean), logDensityFirst: String(first) });
  output.textContent = bits.toFixed(3);
  byId('likelihood-first').textContent = `${bitsFirst.toFixed(3)} ${UNIT} at t = 1`;
  byId('place').textContent = placeText(desk, bits, chosen, label);
  chart.show(histogram(desk.testBits, { value: bits, name: `${bits.toFixed(2)}` }, UNIT));
  await shown();
}

/** Where an image stands among the test images; and of one of them, what the pipeline said of it. */
function placeText(desk: Desk, bits: number, { known, label: own }: Chosen, label: number | undefined): string {
  const { testBits } = desk;
  const above = testBits.filter((value) => value > bits).length;
  const share = (100 * above) / testBits.length;
  const count = testBits.length.toLocaleString('en');
  const place =
    share === 0
      ? `Less likely than every one of the ${count} test images: out of distribution.`
      : share === 100
        ? `More likely than every one of the ${count} test images. So are images of little detail, whatever they show.`
        : `More likely than ${share.toFixed(share < 1 || share > 99 ? 1 : 0)} % of the ${count} test images.`;
  if (known === undefined || (label !== undefined && label !== own)) return place;
  return `${place} The pipeline's own number is ${desk.network.bits(known.clean).toFixed(3)}.`;
}

async function openTestImages(desk: Desk): Promise<void> {
  let first = 0;
  const [before, after] = [byId<HTMLButtonElement>('before'), byId<HTMLButtonElement>('after')];
  const turn = latest(() => showTestImages(desk, first));
  const go = (by: number): void => {
    first = Math.max(0, Math.min(desk.carried - TOGETHER, first + by));
    before.disabled = first === 0;
    after.disabled = first + TOGETHER >= desk.carried;
    turn();
  };
  before.addEventListener('click', () => go(-TOGETHER));
  after.addEventListener('click', () => go(TOGETHER));
  before.disabled = true;
  after.disabled = desk.carried <= TOGETHER;
  desk.choose(desk.testImage(0));
  await showTestImages(desk, first);
}

/** Ten of the test images, each with its likelihood as it is computed. */
async function showTestImages(desk: Desk, first: number): Promise<void> {
  const { contents, network } = desk;
  const items = Array.from({ length: Math.min(TOGETHER, desk.carried - first) }, (_, i) => {
    const index = first + i;
    const canvas = element('canvas', {});
    const { dim } = network;
    showPixels(canvas, contents.pixels.subarray(index * dim, (index + 1) * dim), contents.shape, '');
    canvas.setAttribute('aria-hidden', 'true');
    const input = element('input', {
      type: 'radio',
      name: 'image',
      value: index,
      'aria-label': `Test image ${index}`,
    });
    input.addEventListener('change', () => desk.choose(desk.testImage(index)));
    input.checked = desk.chosen?.known !== undefined && desk.chosen.name === input.ariaLabel;
    const bits = element('span', { class: 'bits' }, '…');
    return { index, bits, item: element('li', {}, element('label', {}, input, canvas, bits)) };
  });
  byId('images').replaceChildren(...items.map(({ item }) => item));
  let largest = 0;
  for (const { index, bits, item } of items) {
    const { x, label, known } = desk.testImage(index);
    const given = network.labels === undefined ? undefined : label;
    const clean = await desk.ask((network) => network.logDensity(x, 0, given));
    const atFirst = await desk.ask((network) => network.logDensity(x, 1, given));
    Object.assign(item.dataset, { logDensity: String(clean), logDensityFirst: String(atFirst) });
    bits.textContent = network.bits(clean).toFixed(2);
    largest = Math.max(largest, Math.abs(network.bits(clean) - network.bits(known!.clean)));
    await shown();
  }
  byId('agreement').textContent =
    `These ${items.length} numbers were just computed here. They are the pipeline's to within ${largest.toExponential(0)} ${UNIT}.`;
}
