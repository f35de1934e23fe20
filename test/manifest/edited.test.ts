// Manifests that somebody edited: signed, every edit is found; unsigned, every one that the rest of the manifest contradicts.
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inconsistencies } from '../../src/manifest/verification/consistency.ts';
import { inTotoType, signEnvelope } from '../../src/manifest/exports/dsse.ts';
import { provenanceStatements } from '../../src/manifest/exports/in-toto.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { verifyAttestations } from '../../src/manifest/exports/verify-attestations.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { digestBytes } from '../../src/store/digest.ts';

/** Of a committed run: a matrix, gathered inputs, gates over cells, gaps. */
const text = readFileSync(path.join(import.meta.dirname, '../../artifacts/reference/default.json'), 'utf8');
const manifest = readManifest(text, 'default.json');

type Node = Record<string | number, unknown>;
type Place = readonly (string | number)[];

/** Where every scalar, list and object of a value is. */
function places(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, member]) =>
    places(member, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? inner : [at, ...inner];
}

function edited(place: Place, edit: (parent: Node, key: string | number) => void): Manifest {
  const copy = structuredClone(manifest);
  let parent = copy as unknown as Node;
  for (const key of place.slice(0, -1)) parent = parent[key] as Node;
  edit(parent, place.at(-1)!);
  return copy;
}

/** Another value of the same type. */
function other(value: unknown): unknown {
  if (typeof value === 'number') return value === 0 ? 1 : value * (Number.isInteger(value) ? 2 : 1.001);
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return value === null ? 'x' : Array.isArray(value) ? [] : {};
  return value.startsWith('sha256:') ? value.replace(/.$/, (last) => (last === '0' ? '1' : '0')) : `${value}x`;
}

const everywhere = places(manifest);
const edits: Record<string, (parent: Node, key: string | number) => void> = {
  changed: (parent, key) => void (parent[key] = other(parent[key])),
  removed: (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  },
};

test('any edit of a signed manifest is reported, or refused', { timeout: 300_000 }, () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const attestations = provenanceStatements(manifest, digestBytes(text))
    .map(({ statement }) => canonicalJson(signEnvelope(canonicalJson(statement), inTotoType, privateKey)))
    .join('\n');
  const verified = (source: string): number | 'refused' => {
    let read: Manifest;
    try {
      read = readManifest(source, 'edited.json');
    } catch {
      return 'refused';
    }
    return verifyAttestations(read, digestBytes(source), attestations, publicKey).length;
  };
  expect(verified(text)).toBe(0);
  fc.assert(
    fc.property(fc.constantFrom(...everywhere), fc.constantFrom('changed', 'removed'), (place, kind) => {
      const source = canonicalJson(edited(place, edits[kind]!));
      if (source === text.trimEnd()) return;
      expect(verified(source)).not.toBe(0);
    }),
    { numRuns: 60 },
  );
});

type Edit = (manifest: Manifest) => void;
const first = <T>(list: readonly T[]): T => list[0]!;
/** Two numbers of different cells and values. */
function two({ numbers }: Manifest): [Manifest['numbers'][number], Manifest['numbers'][number]] {
  const a = first(numbers);
  return [a, numbers.find((each) => each.stage !== a.stage && each.number.value !== a.number.value)!];
}
const dependent = ({ stages }: Manifest) => stages.find(({ dependsOn }) => dependsOn.length > 0)!;

const contradictions: readonly [string, Edit, string][] = [
  [
    'addresses of two numbers swapped',
    (edited) => {
      const [a, b] = two(edited);
      [a.address, b.address] = [b.address, a.address];
    },
    'is not what its stage recorded',
  ],
  [
    'cells of two numbers swapped',
    (edited) => {
      const [a, b] = two(edited);
      [a.stage, b.stage] = [b.stage, a.stage];
    },
    'is not what its stage recorded',
  ],
  ['a number deleted', ({ numbers }) => void numbers.splice(3, 1), 'was recorded, and is left out'],
  [
    'a number added',
    ({ numbers }) =>
      void numbers.push({ ...first(numbers), name: 'toString', address: `${first(numbers).stage}.toString` }),
    'toString" was recorded by no stage',
  ],
  ['a number twice', ({ numbers }) => void numbers.push(first(numbers)), 'is there twice'],
  ['a closure of another', (edited) => void (two(edited)[0].closure = two(edited)[1].closure), 'The closure of'],
  [
    'a failed gate passed',
    ({ gates }) => {
      const gate = gates.find(({ max, measured }) => max !== undefined && measured.length > 0)!;
      gate.max = first(gate.measured).value - 1;
      gate.min = gate.max - 1;
    },
    'is stated as PASS, its numbers make it FAIL',
  ],
  [
    'a gate measured otherwise',
    ({ gates }) => void (first(first(gates).measured).value *= 1.5),
    'does not state what was measured',
  ],
  [
    'a gate over nothing',
    ({ gates }) => void (first(gates).number = 'constructor.valueOf'),
    'its numbers make it UNMEASURED',
  ],
  ['a gate over no address', ({ gates }) => void (first(gates).number = '../x'), 'which is no number'],
  ['a gate twice', ({ gates }) => void gates.push(first(gates)), 'is there twice'],
  ['gaps emptied', (edited) => void (edited.gaps = []), 'This gap is not stated'],
  ['the commit left out', (edited) => void (edited.git = null), 'No commit is named'],
  ['another seed', ({ pipeline }) => void (pipeline.seed += 1), 'Its seed does not follow'],
  [
    'another parameter',
    ({ pipeline, stages }) => {
      const name = Object.keys(
        stages.find(({ record }) => Object.keys(record!.preimage.params).length > 0)!.record!.preimage.params,
      )[0]!;
      pipeline.params[name] = 'other';
    },
    "Its parameters are not the pipeline's",
  ],
  [
    'an override that was not',
    ({ pipeline }) => void (pipeline.overrides['constructor'] = 3),
    'is not what --set made it',
  ],
  ['another run', ({ run }) => void (run.id = '20200101T000000Z-0000'), 'its record is of run'],
  ['a run of another day', ({ run }) => void (run.startedAt = '2031-01-01T00:00:00.000Z'), 'ended before it began'],
  ['another machine', ({ environment }) => void (environment.cpu = 'Quantum'), 'on another machine'],
  ['another outcome', ({ run }) => void (run.outcome = 'failed'), 'its stages make it complete'],
  ['another status', ({ stages }) => void (first(stages).status = 'failed'), 'It is stated as failed'],
  ['an edge left out', (edited) => void (dependent(edited).dependsOn = []), 'It does not depend on the stages'],
  [
    'an edge added',
    (edited) => void dependent(edited).dependsOn.push(first(edited.stages).id),
    'It does not depend on',
  ],
  ['an edge to nothing', (edited) => void (dependent(edited).dependsOn = ['__proto__']), 'which is no stage here'],
  [
    'a stage moved',
    (edited) => {
      const moved = dependent(edited);
      edited.stages = [moved, ...edited.stages.filter((stage) => stage !== moved)];
    },
    'which comes after it',
  ],
  ['a stage twice', ({ stages }) => void stages.push(first(stages)), 'It is there twice'],
  [
    'a stage deleted',
    (edited) => void edited.stages.splice(edited.stages.indexOf(dependent(edited)), 1),
    'was recorded by no stage',
  ],
  ['another cell', ({ stages }) => void (first(stages).cell = { toString: 1 }), 'The cell is not that of its id'],
  [
    'another preimage',
    ({ stages }) => void (first(stages).record!.preimage.threads += 1),
    'The fingerprint is not that',
  ],
  [
    'an output of other bytes',
    ({ stages }) => {
      for (const { record } of stages) {
        for (const output of Object.values(record?.outputs ?? {})) output.digest = other(output.digest) as string;
      }
    },
    'is not what',
  ],
];

// It has gates of every kind, and no edges, and no stage of it was executed by the run; the other has edges, and all of it was.
const truth = readFileSync(path.join(import.meta.dirname, '../../artifacts/reference/truth.json'), 'utf8');

test.each(contradictions)('%s: an unsigned manifest contradicts itself', (name, edit, message) => {
  const isOfDefault = /edge|moved|bytes|another run|machine/.test(name);
  const copy = readManifest(isOfDefault ? text : truth, 'unedited.json');
  edit(copy);
  const found = inconsistencies(readManifest(canonicalJson(copy), 'edited.json'), new Map());
  expect(found.map((each) => each.message).join('\n')).toContain(message);
});

const references = path.join(import.meta.dirname, '../../artifacts/reference');

test.each(readdirSync(references))('nothing contradicts itself in the committed run %s', (name) => {
  expect(inconsistencies(readManifest(readFileSync(path.join(references, name)), name), new Map())).toEqual([]);
});
