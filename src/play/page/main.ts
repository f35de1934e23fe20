// The page: the model asked about images that the reader chooses.
import { decodeContents, files } from './contents.ts';
import { dequantized, Network } from './network.ts';
import { readFileSync, unpackFiles } from './node/fs.ts';

async function main(): Promise<void> {
  await unpackFiles();
  const contents = decodeContents(readFileSync(files.contents));
  const network = await Network.open('cpu');
  const list = document.querySelector('#images')!;
  for (let i = 0; i < 10; i++) {
    const x = dequantized(contents.pixels, network.dim, i, contents.stream);
    const [clean, first] = [await network.logDensity(x, 0), await network.logDensity(x, 1)];
    const item = document.createElement('li');
    Object.assign(item.dataset, { logDensity: String(clean), logDensityFirst: String(first) });
    item.textContent = network.bits(clean).toFixed(4);
    list.append(item);
  }
  document.body.dataset['state'] = 'ready';
}

main().catch((error: unknown) => {
  document.body.dataset['state'] = 'failed';
  document.querySelector('#status')!.textContent = `This page cannot run its model: ${String(error)}`;
});
