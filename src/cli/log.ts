// `repro log STAGE [MANIFEST]`: what a stage printed, control codes spelt out.
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { parseDigest } from '../store/digest.ts';
import { openStore } from '../store/store.ts';
import { open } from './open.ts';
import type { GlobalOptions } from './options.ts';
import { print, printJson } from './view/print.ts';

export async function logVerb(options: GlobalOptions, id: string, name: string | undefined): Promise<ExitCode> {
  const project = open(options);
  const { manifest } = await project.manifest(name);
  const stage = manifest.stages.find((candidate) => candidate.id === id);
  if (!stage?.record) {
    const hint = stage
      ? 'it has no result; its log is in .repro/work'
      : `its stages are ${manifest.stages.map((candidate) => candidate.id).join(', ')}`;
    throw new ReproError('no-log', `Run ${manifest.run.id} has no log of "${id}"`, { exit: exitCode.usage, hint });
  }
  const bytes = openStore(project.root).objects.readBytes(parseDigest(stage.record.log));
  if (bytes === null) throw new ReproError('missing-object', `The log of "${id}" is no longer in the store`);
  const lines = bytes.toString('utf8').replace(/\n$/, '').split('\n');
  if (options.json) printJson({ stage: id, run: stage.record.run, lines });
  else for (const line of lines) print(line);
  return exitCode.ok;
}
