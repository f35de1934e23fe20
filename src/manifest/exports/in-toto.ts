// Provenance of a run and of each stage for supply-chain tools: in-toto Statement v1 with SLSA provenance v1 (slsa.dev/spec/v1.0/provenance).
import { canonicalJson } from '../../store/canonical-json.ts';
import { digestBytes, hexOf, isDigest, parseDigest } from '../../store/digest.ts';
import type { Manifest, StageRecord } from '../../schema/types.ts';
import { sourceText } from '../../pipeline/input-source.ts';
import { filesOf } from '../../store/input-files.ts';
import { isRecorded, sourcesOf, type RecordedStage } from '../lineage.ts';
import { publicVariable } from '../text/variable-text.ts';

type DigestSet = Readonly<Record<string, string>>;

/** What in-toto calls a resource descriptor. */
interface Resource {
  readonly name?: string;
  readonly uri?: string;
  readonly digest: DigestSet;
}

export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly Resource[];
  readonly predicateType: 'https://slsa.dev/provenance/v1';
  readonly predicate: unknown;
}

/** What a statement is of. */
export interface Stated {
  /** Id of a cell; null for the manifest. */
  readonly stage: string | null;
  readonly statement: Statement;
}

/**
 * One statement for the manifest, and one for each stage that has a result. The subject of the first is the manifest's
 * file, byte for byte. The subjects of a stage are its outputs and numbers, and all it read is listed.
 * @param digest Of the bytes of the manifest's file
 */
export function provenanceStatements(manifest: Manifest, digest: string): Stated[] {
  return [
    { stage: null, statement: manifestStatement(manifest, digest) },
    ...manifest.stages
      .filter(isRecorded)
      .map((stage) => ({ stage: stage.id, statement: statementOf(stage, manifest) })),
  ];
}

/** Whatever else a manifest says, of gates, gaps, machines and stages that failed, is signed by its digest. */
function manifestStatement({ run, pipeline, git, stages }: Manifest, digest: string): Statement {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `${run.id}.json`, digest: sha256(digest) }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:repro:run:v1',
        externalParameters: { pipeline: pipeline.file, profile: pipeline.profile, overrides: pipeline.overrides },
        internalParameters: { seed: pipeline.seed, stages: stages.map(({ id }) => id) },
        resolvedDependencies: pipelineFiles(pipeline, git),
      },
      runDetails: {
        builder: { id: 'urn:repro:runner' },
        metadata: { invocationId: run.id, startedOn: run.startedAt, finishedOn: run.finishedAt },
      },
    },
  };
}

function pipelineFiles(pipeline: Manifest['pipeline'], git: Manifest['git']): Resource[] {
  return [
    ...[pipeline, ...(pipeline.included ?? [])].map(({ file, digest }) => ({
      uri: `file:${encodeURI(file)}`,
      digest: sha256(digest),
    })),
    ...(git === null ? [] : [{ name: 'git', digest: { gitCommit: git.commit } }]),
  ];
}

function statementOf(stage: RecordedStage, manifest: Manifest): Statement {
  const { pipeline, git } = manifest;
  const { record } = stage;
  const { preimage } = record;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjectsOf(stage),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:repro:stage:v1',
        externalParameters: {
          pipeline: pipeline.file,
          profile: pipeline.profile,
          overrides: pipeline.overrides,
          stage: preimage.stage,
          cell: preimage.cell,
          run: preimage.run,
          params: preimage.params,
        },
        internalParameters: {
          fingerprint: record.fingerprint,
          seed: preimage.seed,
          threads: preimage.threads,
          ...(preimage.setup && { setup: preimage.setup }),
          runtime: preimage.runtime,
          env: Object.fromEntries(Object.entries(preimage.env).map(([name, value]) => [name, publicVariable(value)])),
        },
        resolvedDependencies: [
          ...pipelineFiles(pipeline, git),
          ...inputsOf(stage, manifest),
          ...Object.entries(preimage.code).map(([path, digest]) => ({
            name: 'code',
            // A file of the kit has a name of that kind by itself.
            uri: path.startsWith('npm:') ? encodeURI(path) : `file:${encodeURI(path)}`,
            digest: sha256(digest),
          })),
          ...Object.entries(preimage.packages).map(([name, integrity]) => packageOf(name, integrity)),
        ],
      },
      runDetails: {
        builder: { id: 'urn:repro:runner' },
        metadata: { invocationId: record.run, startedOn: record.startedAt, finishedOn: record.finishedAt },
        byproducts: [{ name: 'log', digest: sha256(record.log) }],
      },
    },
  };
}

/** Outputs by path, and the numbers as one subject: the digest of their canonical JSON. */
function subjectsOf({ id, published, record }: RecordedStage): Resource[] {
  const outputs = Object.values(record.outputs).map(({ path, digest, kind }) => ({
    name: `${published ?? id}/${path}`,
    digest: kind === 'file' ? sha256(digest) : treeDigest(digest),
  }));
  if (outputs.length > 0 && Object.keys(record.numbers).length === 0) return outputs;
  return [...outputs, { name: `${id} numbers`, digest: sha256(numbersDigest(record)) }];
}

export function numbersDigest({ numbers }: Pick<StageRecord, 'numbers'>): string {
  return digestBytes(canonicalJson(numbers));
}

function inputsOf(stage: RecordedStage, manifest: Manifest): Resource[] {
  const sources = sourcesOf(stage, manifest);
  return Object.entries(stage.record.preimage.inputs).flatMap(([name, value]) => {
    const edges = [sources[name] ?? name].flat();
    return filesOf(value).map(({ digest }, i) => ({
      name: `input ${name}`,
      uri: sourceUri(sourceText(edges[i] ?? edges[0]!)),
      digest: sha256(digest),
    }));
  });
}

function sourceUri(source: string): string {
  return /^https?:/.test(source) ? source : `urn:repro:source:${encodeURIComponent(source)}`;
}

/** `name@version` with the integrity of the lock file, `sha512-<base64>`. */
function packageOf(name: string, integrity: string): Resource {
  const at = name.lastIndexOf('@');
  const python = /^(?:pypi:(?<package>.*)@|module:(?<module>.*)@$|(?<interpreter>python)@)(?<version>.*)$/.exec(name);
  if (python?.groups) {
    const { package: distribution, module, interpreter, version = '' } = python.groups;
    if (interpreter !== undefined)
      return { uri: `pkg:generic/python@${encodeURIComponent(version)}`, digest: { integrity } };
    const uri =
      distribution === undefined
        ? `urn:repro:python-module:${encodeURIComponent(module ?? '')}`
        : `pkg:pypi/${encodeURIComponent(distribution)}@${encodeURIComponent(version)}`;
    // Of what is installed, not of the archive that it came in.
    return { uri, digest: isDigest(integrity) ? { reproInstalled: hexOf(integrity) } : { integrity } };
  }
  const uri = `pkg:npm/${encodeURIComponent(name.slice(0, at)).replace('%2F', '/')}@${encodeURIComponent(name.slice(at + 1))}`;
  const match = /^(sha\d+)-([A-Za-z0-9+/=]+)/.exec(integrity);
  if (match === null) return { uri, digest: { integrity } };
  return { uri, digest: { [match[1]!]: Buffer.from(match[2]!, 'base64').toString('hex') } };
}

const sha256 = (digest: string): DigestSet => ({ sha256: hexOf(parseDigest(digest)) });
/** Of the list of a directory's files (docs/manifest.md), not of a file. */
const treeDigest = (digest: string): DigestSet => ({ reproTree: hexOf(parseDigest(digest)) });
