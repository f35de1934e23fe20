// The project that a verb works in.
import { nearestPipeline, pipelineFile } from '../project/places.ts';
import { Project } from '../project/project.ts';
import type { GlobalOptions } from './options.ts';
import { diagnosticLines } from './view/diagnostic-text.ts';
import { complain, wantsColor } from './view/print.ts';

/** Of the current directory or the nearest one above it, where no other file is named. Warnings about it go to standard error. */
export function open({ file }: Pick<GlobalOptions, 'file'>): Project {
  return new Project(file === pipelineFile ? nearestPipeline() : file, {
    onWarning: (warning) => complain(...diagnosticLines(warning, { color: wantsColor(process.stderr) })),
  });
}
