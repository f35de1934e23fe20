// What a preimage says of its inputs. In format 1 they are digests alone, and how a stage saw them is not known.
import type { InputFile, Preimage } from '../schema/types.ts';
import { parseDigest, type Digest } from './digest.ts';

type Input = Preimage['inputs'][string];

/** A file or directory that a stage read. */
export interface ReadFile {
  /** How the stage saw it, `/` at the end of a directory; null in format 1. */
  readonly path: string | null;
  readonly digest: Digest;
  readonly isExecutable: boolean;
  /** The cell that made it, where the stage was told. */
  readonly cell?: InputFile['cell'];
}

/** The files and directories of an input: one, those of a gathered one in order, none where it is absent. */
export function filesOf(input: Input | undefined): ReadFile[] {
  return [input ?? []].flat().map(readFile);
}

function readFile(file: InputFile | string): ReadFile {
  if (typeof file === 'string') return { path: null, digest: parseDigest(file), isExecutable: false };
  const { path, digest, executable = false, cell } = file;
  return { path, digest: parseDigest(digest), isExecutable: executable, ...(cell && { cell }) };
}
