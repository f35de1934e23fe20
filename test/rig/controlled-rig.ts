// A project of controlled stages.
import { controlledStage } from './controlled-stage.ts';
import type { Control } from './controlled-stage.ts';
import { Rig } from './rig.ts';

/** A pipeline of controlled stages, each with an output `out`; `more` is added to a stage by name. */
export async function controlledRig(
  control: Control,
  names: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Rig> {
  const stages = names.map(
    (name) =>
      `  ${name}: { run: ${control.run(name)}, code: [controlled.mjs], outputs: { out: out.txt }${more[name] ?? ''} }\n`,
  );
  return Rig.create({ 'pipeline.yaml': `name: test\nstages:\n${stages.join('')}`, 'controlled.mjs': controlledStage });
}

/** The stages that the run in progress has started, in order. */
export const started = (rig: Rig): string[] =>
  rig.events.flatMap((event) => (event.kind === 'stage-started' ? [event.stage] : []));
