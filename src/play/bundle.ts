// The code of the page as one script: what runs in the browser, and the science that it imports, from directories that a stage
// is given as inputs.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { files } from './page/contents.ts';

/** What the page is made of: folders of `src`, by the names of the inputs that hold them. */
export const sourceFolders = {
  page: 'play/page',
  dom: 'dom',
  models: 'models',
  diffusion: 'diffusion',
  networks: 'networks',
  statistics: 'statistics',
  tensor: 'tensor',
} as const;

/**
 * Bundles the page's entry for browsers. `directoryOf` tells where the folder of an input lies; `scratch` is a directory to lay
 * them out in as they are in `src`, so that nothing but them is found.
 */
export async function bundlePage(directoryOf: (input: string) => string, scratch: string): Promise<string> {
  for (const [input, folder] of Object.entries(sourceFolders)) {
    cpSync(directoryOf(input), join(scratch, folder), { recursive: true });
  }
  const { build } = await import('esbuild');
  const own = (file: string): string => join(scratch, sourceFolders.page, file);
  const { outputFiles } = await build({
    entryPoints: [own('main.ts')],
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    // Licences of the packages stay in what is passed on.
    legalComments: 'eof',
    tsconfigRaw: '{}',
    alias: {
      'node:crypto': own('node/crypto.ts'),
      'node:fs': own('node/fs.ts'),
      '@tensorflow/tfjs': own('tfjs.ts'),
    },
    inject: [own('node/globals.ts')],
    // The copies lie outside of the project; their packages are those beside esbuild.
    nodePaths: [fileURLToPath(new URL('../..', import.meta.resolve('esbuild')))],
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

/** The binary of tfjs on a processor. */
export async function wasmBinary(): Promise<Uint8Array> {
  // Loaded, so that the package is one of those that this code is known to need.
  await import('@tensorflow/tfjs-backend-wasm');
  return readFileSync(fileURLToPath(import.meta.resolve(`@tensorflow/tfjs-backend-wasm/dist/${files.wasm}`)));
}
