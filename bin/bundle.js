// The command as the sources of a checkout say it, bundled first as the runner does with stages: 0.1 s with esbuild, where a
// loader that compiles file by file takes 0.6 s at every start. It is no part of the published package.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const home = dirname(dirname(fileURLToPath(import.meta.url)));

/** The URL of the bundle of the sources as they are now, in a folder named by its content. */
export async function bundle() {
  return pathToFileURL(await bundledMain()).href;
}

async function bundledMain() {
  const { outputFiles } = await build({
    absWorkingDir: home,
    entryPoints: ['src/cli/main.ts'],
    outdir: 'out',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
    logLevel: 'error',
  });
  const content = createHash('sha256');
  for (const { path, contents } of outputFiles) content.update(basename(path)).update(contents);
  const name = content.digest('hex').slice(0, 16);
  const cache = join(home, 'node_modules/.cache/repro');
  const main = join(cache, name, 'main.js');
  if (existsSync(main)) return main;
  try {
    mkdirSync(cache, { recursive: true });
    write(join(cache, name), outputFiles);
    return main;
  } catch {
    // A checkout of another user, or one that may only be read.
    const folder = mkdtempSync(join(tmpdir(), 'repro-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    for (const name of ['node_modules', 'package.json']) symlinkSync(join(home, name), join(folder, name));
    write(join(folder, name), outputFiles);
    return join(folder, name, 'main.js');
  }
}

/** Whole or not at all. With the modes of the checkout, unlike a folder of mkdtemp: another user may start it as well. */
function write(folder, outputFiles) {
  const temporary = `${folder}-${randomUUID()}`;
  mkdirSync(temporary);
  try {
    for (const { path, contents } of outputFiles) writeFileSync(join(temporary, basename(path)), contents);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process was first.
    if (!existsSync(join(folder, 'main.js'))) throw error;
  }
}
