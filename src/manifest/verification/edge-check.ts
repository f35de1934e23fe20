// Whether stages read what the stages before them gave: the edges of a manifest follow from where its inputs came from.
import type { Manifest, ManifestStage } from '../../schema/types.ts';

/** What is wrong with the inputs of a stage, as a sentence. */
export interface EdgeFault {
  readonly stage: string;
  readonly message: string;
}

/** The output of a cell that is read as an input. */
interface Edge {
  readonly input: string;
  readonly cell: string;
  readonly output: string;
  /** Of what was read; undefined where the reader has no record. */
  readonly digest: string | undefined;
}

type Source = string | null | Pick<Edge, 'cell' | 'output'> | readonly Pick<Edge, 'cell' | 'output'>[];
type Digests = null | string | { readonly digest: string } | readonly (string | { readonly digest: string })[];

export function edgeFaults({ stages }: Manifest): EdgeFault[] {
  const faults: EdgeFault[] = [];
  /** The stages before the one that is looked at: a manifest lists them in the order of their edges. */
  const before = new Map<string, ManifestStage>();
  const ids = new Set(stages.map(({ id }) => id));
  for (const stage of stages) {
    const report = (message: string) => faults.push({ stage: stage.id, message });
    if (before.has(stage.id)) report('It is there twice');
    for (const id of stage.dependsOn) {
      if (!before.has(id))
        report(`It depends on "${id}", which ${ids.has(id) ? 'comes after it' : 'is no stage here'}`);
    }
    for (const message of inputFaults(stage, before)) report(message);
    before.set(stage.id, stage);
  }
  return faults;
}

function inputFaults(
  { sources, record, dependsOn }: ManifestStage,
  before: ReadonlyMap<string, ManifestStage>,
): string[] {
  if (sources === undefined) return [];
  const messages: string[] = [];
  const inputs = record?.preimage.inputs;
  if (inputs && Object.keys(inputs).sort().join('\n') !== Object.keys(sources).sort().join('\n')) {
    messages.push('Its sources are not those of its inputs');
  }
  const reads = new Set<string>();
  let isKnown = true;
  for (const [input, source] of Object.entries(sources)) {
    const digests = inputs && Object.hasOwn(inputs, input) ? digestsOf(inputs[input]!) : undefined;
    // A text is where an input of the first format came from, which its bytes tell apart from a path of that spelling.
    if (typeof source === 'string' && digests === undefined) isKnown = false;
    const edges = edgesOf(input, source, digests, dependsOn, before);
    for (const { cell, output, digest } of edges) {
      reads.add(cell);
      if (digests === undefined) continue;
      if (digest === undefined || outputDigest(before.get(cell), output) !== digest) {
        messages.push(`Input "${input}" is not what "${cell}.${output}" gave`);
      }
    }
  }
  const isSame = dependsOn.length === reads.size && dependsOn.every((id) => reads.has(id));
  if (isKnown && !isSame) messages.push('It does not depend on the stages whose outputs it reads');
  return messages;
}

function edgesOf(
  input: string,
  source: Source,
  digests: readonly string[] | undefined,
  dependsOn: readonly string[],
  before: ReadonlyMap<string, ManifestStage>,
): Edge[] {
  if (source === null) return [];
  if (typeof source !== 'string') {
    return [source].flat().map(({ cell, output }, index) => ({ input, cell, output, digest: digests?.[index] }));
  }
  const stages = new Set(dependsOn);
  return source.split(', ').flatMap((text, index): Edge[] => {
    const end = text.includes('[') ? text.indexOf('].') + 1 : text.indexOf('.');
    const [cell, output] = [text.slice(0, end), text.slice(end + 1)];
    const given = outputDigest(before.get(cell), output);
    const digest = digests?.[index];
    // A file may be spelt as an output is. One that has its bytes, too, is the output.
    return given !== undefined && (stages.has(cell) || given === digest) ? [{ input, cell, output, digest }] : [];
  });
}

function outputDigest(stage: ManifestStage | undefined, output: string): string | undefined {
  const outputs = stage?.record?.outputs;
  return outputs && Object.hasOwn(outputs, output) ? outputs[output]!.digest : undefined;
}

function digestsOf(input: Digests): readonly string[] {
  return [input ?? []].flat().map((file) => (typeof file === 'string' ? file : file.digest));
}
