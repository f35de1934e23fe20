// `repro init`: a pipeline that runs, where there is none. What is there stays as it is.
import { constants, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import type { InitOptions } from './options.ts';
import { packageFolder } from './version.ts';
import { print, printJson } from './view/print.ts';

/** What runs leave, and git need not keep. */
const ignored = ['.repro/', 'artifacts/'];

export function initVerb({ python, json }: InitOptions): ExitCode {
  const packageRoot = fileURLToPath(packageFolder());
  const folder = path.join(packageRoot, 'examples', python ? 'start-python' : 'start');
  const sources = [
    ...readdirSync(folder)
      .filter((name) => name !== 'README.md')
      .map((name) => path.join(folder, name)),
    ...(python ? [path.join(packageRoot, 'python', 'repro_stage.py')] : []),
  ];
  const taken = sources.map((file) => path.basename(file)).filter((name) => existsSync(name));
  if (taken.length > 0) {
    throw new ReproError('exists', `There is ${taken.join(', ')} already: nothing was written`, {
      exit: exitCode.usage,
      hint: 'begin in an empty folder, or write pipeline.yaml by hand: docs/pipeline.md',
    });
  }
  // Nothing is written over that came meanwhile.
  const written = sources.map((file) => {
    const name = path.basename(file);
    copyFileSync(file, name, constants.COPYFILE_EXCL);
    return name;
  });
  if (ignore()) written.push('.gitignore');
  if (json) printJson({ written });
  else {
    for (const name of written) print(`wrote     ${name}`);
    print('next      npx repro run');
  }
  return exitCode.ok;
}

/** Adds what is missing to `.gitignore`; whether anything was. */
function ignore(): boolean {
  const text = existsSync('.gitignore') ? readFileSync('.gitignore', 'utf8') : '';
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, '')));
  const missing = ignored.filter((line) => !lines.has(line.slice(0, -1)));
  if (missing.length === 0) return false;
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  writeFileSync('.gitignore', `${before}${missing.join('\n')}\n`);
  return true;
}
