// What computes: the processor by WebAssembly where the browser has it, or else by JavaScript alone; the GPU where the reader
// asks for it. Numbers are held against the pipeline's, and an engine that is off is not used: the sines of a GPU may be.
import { tf } from '../../tensor/tf.ts';
import type { Desk } from './desk.ts';
import { byId } from '../../dom/element.ts';
import type { Engine } from './network.ts';

/** Of bits/dim that an engine may be off. */
const TOLERANCE = 1e-3;

export function openEngines(desk: Desk): void {
  const select = byId<HTMLSelectElement>('engine');
  select.value = desk.network.engine;
  for (const option of select.options) option.disabled = option.value === 'wasm' && desk.network.engine !== 'wasm';
  select.addEventListener('change', () => void use(desk, select));
}

async function use(desk: Desk, select: HTMLSelectElement): Promise<void> {
  const status = byId('engine-status');
  const before = desk.network.engine;
  const engine = select.value as Engine;
  select.disabled = true;
  status.textContent = 'One moment…';
  try {
    if (!(await tf.setBackend(engine))) throw new Error('this browser does not have it');
    await desk.use(engine);
    await offBy(desk);
    // Once more: a GPU compiles its programs at first.
    const start = performance.now();
    const off = await offBy(desk);
    const milliseconds = (performance.now() - start).toFixed(0);
    if (!(off < TOLERANCE)) throw new Error(`its numbers are off by ${off.toExponential(0)} bits/dim`);
    status.textContent = `${milliseconds} ms for a likelihood, within ${off.toExponential(0)} bits/dim of the pipeline.`;
  } catch (error) {
    status.textContent = `Not used: ${error instanceof Error ? error.message : String(error)}.`;
    select.value = before;
    await desk.use(before);
  }
  select.disabled = false;
}

/** How far bits/dim of the first test image are from what the stage has. */
async function offBy(desk: Desk): Promise<number> {
  const { x, label, known } = desk.testImage(0);
  const clean = await desk.ask((network) => network.logDensity(x, 0, label));
  return Math.abs(desk.network.bits(clean) - desk.network.bits(known!.clean));
}
