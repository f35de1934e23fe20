#!/usr/bin/env node
// Starts the command: of a checkout its sources, so that no older build is ever run in their place; elsewhere the build.
import { existsSync, readFileSync } from 'node:fs';

const there = (path) => existsSync(new URL(`../${path}`, import.meta.url));
const words = process.argv.slice(2);
if (words.length === 1 && ['--version', '-V'].includes(words[0])) {
  // The command says its version too, but takes six times as long to load.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else if (there('src/cli/main.ts')) {
  const { bundle } = await import('./bundle.js');
  await import(await bundle());
} else if (there('dist/cli/main.js')) {
  await import('../dist/cli/main.js');
} else {
  process.stderr.write('error not-built: This package was packed before it was built. Pack it by "npm run pack".\n');
  process.exitCode = 2;
}
