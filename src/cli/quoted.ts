// What is told of a run that goes into somebody's text.
import { standingText } from '../manifest/standing.ts';
import type { Manifest } from '../schema/types.ts';
import { complain } from './view/print.ts';

/** Who quotes another run than a whole one of the default profile is told. */
export function noteStanding(manifest: Manifest): void {
  const standing = standingText(manifest);
  if (standing !== null) complain(`Quoted is run ${manifest.run.id}: ${standing}`);
}
