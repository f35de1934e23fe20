// The backend a stage computes with, and the facts of it that the stage's record keeps.
import type { Stage } from '../../src/stage/index.ts';
import { openBackend, type Backend, type BackendName } from '../../src/tensor/backend.ts';

/** Of every stage that computes with tensors. */
export interface RuntimeParams {
  readonly runtime: { readonly backend: BackendName };
}

/** Opens the backend that the parameters name, with the stage's threads, and states in log and record what computes. */
export async function openStageBackend(stage: Stage<RuntimeParams>): Promise<Backend> {
  const backend = await openBackend(stage.params.runtime.backend, { threads: stage.threads });
  stage.facts({ backend: backend.description });
  return backend;
}
