// The page: the model asked about images that the reader chooses, draws or has it draw.
import { Desk } from './desk.ts';
import { byId } from '../../dom/element.ts';
import { openEngines } from './engines.ts';
import { openLikelihood } from './likelihood.ts';
import { openNoise } from './noise.ts';
import { unpackFiles } from './node/fs.ts';
import { openProvenance } from './provenance.ts';
import { openSampling } from './sampling.ts';
import { openWasm } from './wasm.ts';

async function main(): Promise<void> {
  await unpackFiles();
  const desk = await Desk.open((await openWasm()) ? 'wasm' : 'cpu');
  openProvenance(desk);
  openNoise(desk);
  openSampling(desk);
  openEngines(desk);
  byId('page').hidden = false;
  byId('status').textContent = '';
  await openLikelihood(desk);
  document.body.dataset['state'] = 'ready';
}

main().catch((error: unknown) => {
  document.body.dataset['state'] = 'failed';
  byId('status').textContent = `This page cannot run its model: ${String(error)}`;
});
