// The executors that a run is given: those of its configuration, each made when a stage needs it.
import path from 'node:path';
import { parseDuration } from '../pipeline/duration.ts';
import type { Executor, Executors } from '../runner/process/executor.ts';
import { localExecutor } from '../runner/process/local.ts';
import type { Store } from '../store/store.ts';
import type { ExecutorDeclaration } from './config.ts';
import { local, type Placement } from './placement.ts';

/**
 * Loads nothing where no executor is configured.
 * @param report Is told what a person should know of a scheduler meanwhile
 */
export async function executorsOf(
  { executorOf, executors }: Placement,
  store: Store,
  report: (message: string) => void,
): Promise<Executors | null> {
  const declared = Object.entries(executors);
  if (declared.length === 0) return null;
  const { slurmExecutor, templateExecutor } = await import('../cluster/index.ts');
  const directory = path.join(store.directory, 'jobs');
  const made = new Map<string, Executor>(
    declared.map(([name, declaration]) => {
      const context = { name, directory, report };
      const grouping = groupingOf(declaration.group);
      const executor =
        declaration.kind === 'slurm'
          ? slurmExecutor({ ...declaration, grouping }, context)
          : templateExecutor({ ...declaration, grouping }, context);
      return [name, executor];
    }),
  );
  return {
    of: ({ id }) => made.get(executorOf.get(id) ?? local) ?? localExecutor,
    named: (name) => made.get(name) ?? (name === local ? localExecutor : null),
  };
}

function groupingOf(group: ExecutorDeclaration['group']): { underSeconds: number; size: number } | null {
  // The configuration was refused if it is no duration.
  return group ? { underSeconds: parseDuration(group.under) ?? 0, size: group.size } : null;
}
