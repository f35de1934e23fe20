// Executors of a cluster, as the configuration declares them.
import { ClusterExecutor } from './cluster-executor.ts';
import type { ClusterOptions } from './options.ts';
import { slurm } from './slurm.ts';
import type { SlurmOptions } from './slurm.ts';
import { type TemplateOptions, templateScheduler } from './template.ts';

export type SlurmDeclaration = SlurmOptions & Partial<Pick<ClusterOptions, 'queued' | 'grouping'>>;
export type TemplateDeclaration = TemplateOptions & Partial<Pick<ClusterOptions, 'queued' | 'grouping'>>;

const defaultQueued = 200;

/** Stages as jobs of Slurm. */
export function slurmExecutor(
  { queued = defaultQueued, grouping = null, ...options }: SlurmDeclaration,
  context: Pick<ClusterOptions, 'name' | 'directory' | 'report'>,
): ClusterExecutor {
  return new ClusterExecutor({ ...context, queued, grouping, scheduler: slurm(options) });
}

/** Stages as jobs of a scheduler by its commands. */
export function templateExecutor(
  { queued = defaultQueued, grouping = null, ...options }: TemplateDeclaration,
  context: Pick<ClusterOptions, 'name' | 'directory' | 'report'>,
): ClusterExecutor {
  return new ClusterExecutor({
    ...context,
    queued,
    grouping,
    scheduler: templateScheduler(options, context.directory),
  });
}
