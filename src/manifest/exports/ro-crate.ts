// A run as a Provenance Run Crate 0.5 (w3id.org/ro/wfrun/provenance/0.5) on RO-Crate 1.1: the project's directory is the crate.
import { hexOf, isDigest, parseDigest } from '../../store/digest.ts';
import type { Artifact, Manifest } from '../../schema/types.ts';
import { sourceText } from '../../pipeline/input-source.ts';
import {
  type ExternalInput,
  externalInputs,
  isRecorded,
  parameterLeaves,
  type RecordedStage,
  sourcesOf,
} from '../lineage.ts';
import { publicVariable } from '../text/variable-text.ts';

interface Reference {
  readonly '@id': string;
}
export interface Entity {
  readonly '@id': string;
  readonly '@type': string | readonly string[];
  readonly [key: string]: unknown;
}
export interface RoCrate {
  readonly '@context': readonly string[];
  readonly '@graph': readonly Entity[];
}

const profiles = ['process', 'workflow', 'provenance'].map((name) => `https://w3id.org/ro/wfrun/${name}/0.5`);
const workflowCrate = 'https://w3id.org/workflowhub/workflow-ro-crate/1.0';
const engine = '#repro';
const language = '#pipeline-language';
const organize = '#organize';

const to = (id: string): Reference => ({ '@id': id });
const fragment = (kind: string, name: string) => `#${kind}/${encodeURIComponent(name)}`;
/** What would begin a query, a fragment or a scheme is spelt out too. */
const pathId = (path: string) => encodeURI(path).replace(/[?#:]/g, encodeURIComponent);
const isFragment = (id: string) => id.startsWith('#');

/** @param license URL of the license of the experiment, or a text. */
export function roCrate(manifest: Manifest, license: string): RoCrate {
  const { run, pipeline } = manifest;
  const stages = manifest.stages.filter(isRecorded);
  const names = [...new Set(manifest.stages.map(({ stage }) => stage))];
  const workflow = pathId(pipeline.file);
  const runAction = fragment('run', run.id);
  const data = new Map<string, Entity>();
  const actions = stages.map((stage) => toolAction(stage, manifest, data));
  const inputs = stages.flatMap((stage) => givenInputs(stage, manifest).map((input) => inputId(stage.id, input)));
  const results = stages.flatMap((stage) => resultIds(stage));
  const parameters = parameterEntities(manifest, stages);
  const included = (pipeline.included ?? []).map(({ file, digest }) => ({
    '@id': pathId(file),
    '@type': ['File', 'SoftwareSourceCode'],
    name: file,
    sha256: hexOf(parseDigest(digest)),
  }));
  const parts = [
    ...included,
    ...[...data.values()].filter(({ '@type': type }) => type === 'File' || type === 'Dataset'),
  ];
  const executed = names.filter((name) => stages.some(({ stage }) => stage === name));
  const licenseUrl = /^https?:/.test(license) ? license : null;
  return {
    '@context': ['https://w3id.org/ro/crate/1.1/context', 'https://w3id.org/ro/terms/workflow-run/context'],
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        about: to('./'),
        conformsTo: [to('https://w3id.org/ro/crate/1.1'), to(workflowCrate)],
      },
      {
        '@id': './',
        '@type': 'Dataset',
        name: `${pipeline.name}, run ${run.id}`,
        description: `What run ${run.id} of the pipeline ${pipeline.name} computed, and from what`,
        datePublished: run.finishedAt,
        license: licenseUrl === null ? license : to(licenseUrl),
        conformsTo: [...profiles, workflowCrate].map(to),
        mainEntity: to(workflow),
        hasPart: [workflow, ...parts.map((part) => part['@id'])].map(to),
        mentions: [runAction, ...actions.map((action) => action['@id'])].map(to),
      },
      ...(licenseUrl === null ? [] : [{ '@id': licenseUrl, '@type': 'CreativeWork', name: licenseUrl }]),
      ...[...profiles, workflowCrate].map((id) => ({
        '@id': id,
        '@type': 'CreativeWork',
        name: `Profile ${id.split('/').slice(-2).join(' ')}`,
        version: id.split('/').at(-1),
      })),
      {
        '@id': workflow,
        '@type': ['File', 'SoftwareSourceCode', 'ComputationalWorkflow', 'HowTo'],
        name: pipeline.name,
        sha256: hexOf(parseDigest(pipeline.digest)),
        programmingLanguage: to(language),
        hasPart: names.map((name) => to(fragment('tool', name))),
        step: names.map((name) => to(fragment('step', name))),
        input: parameters.filter(({ side }) => side === 'input').map(({ entity }) => to(entity['@id'])),
        output: parameters.filter(({ side }) => side === 'output').map(({ entity }) => to(entity['@id'])),
      },
      ...included,
      { '@id': language, '@type': 'ComputerLanguage', name: 'repro pipeline file', encodingFormat: 'application/yaml' },
      { '@id': engine, '@type': 'SoftwareApplication', name: 'repro' },
      ...names.flatMap((name, position) => stageEntities(name, position, manifest)),
      ...parameters.map(({ entity }) => entity),
      {
        '@id': runAction,
        '@type': 'CreateAction',
        name: `Run ${run.id}`,
        instrument: to(workflow),
        startTime: run.startedAt,
        endTime: run.finishedAt,
        actionStatus: to(status(run.outcome === 'complete')),
        object: [...new Set(inputs)].map(to),
        result: results.map(to),
      },
      // Both must have actions below them: a run in which no stage succeeded has neither.
      ...(executed.length === 0
        ? []
        : [
            {
              '@id': organize,
              '@type': 'OrganizeAction',
              name: `repro organized run ${run.id}`,
              instrument: to(engine),
              startTime: run.startedAt,
              endTime: run.finishedAt,
              object: executed.map((name) => to(fragment('control', name))),
              result: to(runAction),
            },
          ]),
      ...executed.map((name) => ({
        '@id': fragment('control', name),
        '@type': 'ControlAction',
        name: `Execution of step ${name}`,
        instrument: to(fragment('step', name)),
        object: stages.filter(({ stage }) => stage === name).map(({ id }) => to(fragment('action', id))),
      })),
      ...actions,
      ...data.values(),
    ],
  };
}

const status = (good: boolean) => `http://schema.org/${good ? 'Completed' : 'Failed'}ActionStatus`;

/** A stage of the file: its tool, and its step in the workflow. */
function stageEntities(name: string, position: number, { stages, git }: Manifest): Entity[] {
  const recorded = stages.find((stage) => stage.stage === name && stage.record !== undefined);
  const words = recorded?.record?.preimage.run ?? [];
  return [
    {
      '@id': fragment('step', name),
      '@type': 'HowToStep',
      name,
      position: String(position),
      workExample: to(fragment('tool', name)),
    },
    {
      '@id': fragment('tool', name),
      '@type': 'SoftwareApplication',
      name,
      description: words.length === 0 ? 'It has no result in this run' : words.join(' '),
      ...(git !== null && { softwareVersion: git.commit }),
    },
  ];
}

function toolAction(stage: RecordedStage, manifest: Manifest, data: Map<string, Entity>): Entity {
  const { record, id } = stage;
  const add = (entity: Entity) => {
    const known = data.get(entity['@id']);
    data.set(entity['@id'], known && 'exampleOfWork' in entity ? { ...entity, ...together(known, entity) } : entity);
    return to(entity['@id']);
  };
  const outside = givenInputs(stage, manifest).map((input) => {
    const isDirectory = input.source.endsWith('/');
    return add({
      '@id': inputId(id, input),
      '@type': dataType(inputId(id, input), isDirectory),
      name: input.source,
      // The digest of a directory is not that of a file, and without its source it may be either.
      ...(!isDirectory &&
        stage.sources?.[input.name] !== undefined &&
        input.digest !== null &&
        isDigest(input.digest) && { sha256: hexOf(input.digest) }),
      exampleOfWork: [to(fragment('input', `${stage.stage}.${input.name}`))],
    });
  });
  const read = new Set(
    Object.values(sourcesOf(stage, manifest))
      .flatMap((source) => (typeof source === 'object' && source !== null ? source : []))
      .map(sourceText),
  );
  const upstream = manifest.stages
    .filter((other): other is RecordedStage => stage.dependsOn.includes(other.id) && isRecorded(other))
    .flatMap((other) =>
      Object.entries(other.record.outputs)
        .filter(([name]) => read.has(sourceText({ cell: other.id, output: name })))
        .map(([, output]) => to(outputId(other, output))),
    );
  const params = parameterLeaves(record.preimage.params).map(([path, value]) =>
    add({
      '@id': fragment('param', `${id}.${path}`),
      '@type': 'PropertyValue',
      name: path,
      value: typeof value === 'object' ? JSON.stringify(value) : value,
    }),
  );
  for (const [name, output] of Object.entries(record.outputs)) {
    add({
      '@id': outputId(stage, output),
      '@type': dataType(outputId(stage, output), output.kind === 'directory'),
      name: output.path,
      contentSize: String(output.sizeBytes),
      ...(output.kind === 'file' && { sha256: hexOf(parseDigest(output.digest)) }),
      dateModified: record.finishedAt,
      exampleOfWork: [to(fragment('output', `${stage.stage}.${name}`))],
    });
  }
  for (const [name, number] of Object.entries(record.numbers)) {
    add({
      '@id': fragment('number', `${id}.${name}`),
      '@type': 'PropertyValue',
      name: `${id}.${name}`,
      value: number.value,
      unitText: number.unit,
      ...(number.standardError !== undefined && { description: `Standard error ${number.standardError}` }),
    });
  }
  const environment = Object.entries(record.preimage.env).flatMap(([name, value]) =>
    value === null
      ? []
      : [
          add({
            '@id': fragment('environment', `${id}.${name}`),
            '@type': 'PropertyValue',
            name,
            value: publicVariable(value),
          }),
        ],
  );
  return {
    '@id': fragment('action', id),
    '@type': 'CreateAction',
    name: `Execution of ${id}`,
    description: `${stage.status === 'restored' ? `Executed by run ${record.run} and restored` : 'Executed'}; fingerprint ${record.fingerprint}`,
    instrument: to(fragment('tool', stage.stage)),
    startTime: record.startedAt,
    endTime: record.finishedAt,
    actionStatus: to(status(true)),
    object: [...outside, ...upstream, ...params],
    ...(environment.length > 0 && { environment }),
    result: resultIds(stage).map(to),
  };
}

/** A file or directory is part of the crate; what has no address there is only described. */
function dataType(id: string, isDirectory: boolean): 'File' | 'Dataset' | 'CreativeWork' {
  if (isFragment(id)) return 'CreativeWork';
  return isDirectory ? 'Dataset' : 'File';
}

/** The parameters of which data that several stages read is an example. */
function together(...entities: readonly Entity[]): { exampleOfWork: Reference[] } {
  const ids = entities.flatMap(({ exampleOfWork }) => (exampleOfWork as Reference[] | undefined) ?? []);
  return { exampleOfWork: [...new Set(ids.map((reference) => reference['@id']))].map(to) };
}

function resultIds(stage: RecordedStage): string[] {
  return [
    ...Object.values(stage.record.outputs).map((output) => outputId(stage, output)),
    ...Object.keys(stage.record.numbers).map((name) => fragment('number', `${stage.id}.${name}`)),
  ];
}

function outputId({ id, published }: RecordedStage, { path, kind }: Artifact): string {
  if (published === undefined) return fragment('data', `${id}/${path}`);
  return pathId(`${published}/${path}`.replace(/\/?$/, kind === 'directory' ? '/' : ''));
}

/** What came from outside, without optional inputs that were absent. */
function givenInputs(stage: RecordedStage, manifest: Manifest): ExternalInput[] {
  return externalInputs(stage, manifest).filter(({ digest }) => digest !== null);
}

/** A file of the project by its path, a download by its URL; what lies elsewhere is only described. */
function inputId(stage: string, { name, source }: { readonly name: string; readonly source: string }): string {
  if (/^https?:\/\//.test(source)) return source;
  const outside = source.startsWith('/') || source.startsWith('../');
  return outside ? fragment('data', `${stage}.${name}`) : pathId(source);
}

/** What the workflow takes and gives, as formal parameters, each once however many cells have it. */
function parameterEntities(
  manifest: Manifest,
  stages: readonly RecordedStage[],
): { readonly side: 'input' | 'output'; readonly entity: Entity }[] {
  const found = new Map<string, { side: 'input' | 'output'; entity: Entity }>();
  const add = (side: 'input' | 'output', name: string, kind: string) => {
    const entity = {
      '@id': fragment(side, name),
      '@type': 'FormalParameter',
      additionalType: kind,
      name,
      conformsTo: to('https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE'),
    };
    found.set(entity['@id'], { side, entity });
  };
  for (const stage of stages) {
    for (const { name, source } of givenInputs(stage, manifest)) {
      add('input', `${stage.stage}.${name}`, source.endsWith('/') ? 'Dataset' : 'File');
    }
    for (const [name, { kind }] of Object.entries(stage.record.outputs)) {
      add('output', `${stage.stage}.${name}`, kind === 'file' ? 'File' : 'Dataset');
    }
  }
  return [...found.values()];
}
