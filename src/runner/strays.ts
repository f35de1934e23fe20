// Jobs of earlier runs that no stage of this one waits for: they go on, and a person should know.
import { join } from 'node:path';
import { removeQuietly } from '../store/remove.ts';
import type { Store } from '../store/store.ts';
import type { Executors } from './process/executor.ts';
import { notedJob, workAt } from './process/work-directory.ts';

/** A sentence for each job that goes on. What is known of those that have ended is forgotten. */
export async function strayJobs(store: Store, names: Iterable<string>, executors: Executors): Promise<string[]> {
  const sentences: string[] = [];
  for (const name of names) {
    const work = workAt(join(store.directory, 'work', name));
    const handle = notedJob(store.fileSystem, work);
    const outliving = handle && executors.named(handle.executor)?.outliving;
    if (!handle || !outliving) continue;
    try {
      const job = (await outliving.alive([handle])).get(handle);
      if (job === undefined) removeQuietly(store.fileSystem, work.job);
      else sentences.push(`Job ${job} of an earlier run goes on, and no stage needs it: ${outliving.endCommand(job)}`);
    } catch {
      // Who does not answer is asked by the next run.
    }
  }
  return sentences;
}
