// What a profile runs: the stages it names, and those that these need.
import type { PipelineDocument } from '../schema/types.ts';
import { diagnose, type Report } from './diagnostic.ts';
import { locate, type ParsedFile } from './parse.ts';
import { parseAddress, reportUnknownStage } from './reference.ts';

/** The profile that applies when none is chosen. */
export function defaultProfile({ profiles = {} }: PipelineDocument): string | null {
  return Object.hasOwn(profiles, 'default') ? 'default' : null;
}

/** Names of the stages that run with a profile. References that lead nowhere are followed nowhere. */
export function stagesOfProfile({ stages, profiles }: PipelineDocument, profile: string | null): Set<string> {
  const named = profile === null ? undefined : profiles?.[profile]?.stages;
  const running = new Set(named ?? Object.keys(stages));
  // A set goes through what is added to it on the way.
  for (const name of running) {
    const inputs = Object.hasOwn(stages, name) ? Object.values(stages[name]!.inputs ?? {}) : [];
    for (const input of inputs) {
      const reference = typeof input === 'string' ? input : 'cells' in input ? input.cells : null;
      const address = reference === null ? null : parseAddress(reference);
      if (address !== null) running.add(address.stage);
    }
  }
  return running;
}

/** The stages that do not run, each with the profiles it runs with. */
export function stagesLeftOut(document: PipelineDocument, running: ReadonlySet<string>): Record<string, string[]> {
  const profiles = Object.keys(document.profiles ?? {}).map(
    (profile) => [profile, stagesOfProfile(document, profile)] as const,
  );
  const names = Object.keys(document.stages).filter((name) => !running.has(name));
  return Object.fromEntries(
    names.map((name) => [name, profiles.flatMap(([profile, stages]) => (stages.has(name) ? [profile] : []))]),
  );
}

/** Reports stages of profiles that do not exist, and matrices of stages that their profile leaves out. */
export function checkProfileStages(document: PipelineDocument, file: ParsedFile, report: Report): void {
  const known = Object.keys(document.stages);
  for (const [profile, { stages, matrix }] of Object.entries(document.profiles ?? {})) {
    const path = ['profiles', profile];
    for (const [index, name] of (stages ?? []).entries()) {
      if (!known.includes(name)) {
        reportUnknownStage(name, known, locate(file, [...path, 'stages', index]), report);
      }
    }
    const running = stagesOfProfile(document, profile);
    for (const stage of Object.keys(matrix ?? {}).filter((name) => known.includes(name) && !running.has(name))) {
      const hint = 'add it to the stages of the profile, or remove its matrix';
      const message = `Profile "${profile}" changes the matrix of stage "${stage}", which it leaves out`;
      report(diagnose('bad-value', message, locate(file, [...path, 'matrix', stage], 'key'), { hint }));
    }
  }
}
