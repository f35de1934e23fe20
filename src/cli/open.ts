// The project that a verb works in.
import { Project } from '../project/project.ts';
import type { GlobalOptions } from './options.ts';
import { diagnosticLines } from './view/diagnostic-text.ts';
import { complain, wantsColor } from './view/print.ts';

/** Warnings about its pipeline file go to standard error. */
export function open({ file }: Pick<GlobalOptions, 'file'>): Project {
  return new Project(file, {
    onWarning: (warning) => complain(...diagnosticLines(warning, { color: wantsColor(process.stderr) })),
  });
}
