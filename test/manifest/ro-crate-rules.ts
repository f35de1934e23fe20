// What an RO-Crate of a run must be, as a list to hold against the specifications: RO-Crate 1.1, Workflow RO-Crate 1.0 and
// the three Workflow Run profiles 0.5, each MUST that concerns what we write, and the SHOULDs that we keep. Written from
// the texts of the profiles, not from the exporter: it knows nothing of how a crate is made.
import type { Entity, RoCrate } from '../../src/manifest/exports/ro-crate.ts';

type Profile = 'RO-Crate' | 'Workflow RO-Crate' | 'Process Run' | 'Workflow Run' | 'Provenance Run';

export interface Rule {
  readonly profile: Profile;
  readonly level: 'MUST' | 'SHOULD';
  readonly says: string;
  /** Ids of the entities that break it. */
  readonly broken: (crate: Graph) => string[];
  /** Makes a crate break it. */
  readonly spoil: (crate: Graph) => void;
}

type Mutable = { -readonly [key in keyof Entity]: Entity[key] };

/** A crate by id, by type and by what refers to what. */
export class Graph {
  readonly context: readonly unknown[];
  entities: Mutable[];

  constructor(crate: RoCrate) {
    const { '@context': context, '@graph': entities } = structuredClone(crate);
    this.context = context;
    this.entities = [...entities];
  }

  get root(): Mutable {
    return this.get(this.ids(this.get('ro-crate-metadata.json')['about'])[0]!);
  }

  get workflow(): Mutable {
    return this.linked(this.root, 'mainEntity')[0] ?? { '@id': 'no main entity', '@type': [] };
  }

  get(id: string): Mutable {
    return this.entities.find((entity) => entity['@id'] === id) ?? { '@id': `not described: ${id}`, '@type': [] };
  }

  typed(...types: string[]): Mutable[] {
    return this.entities.filter((entity) => is(entity, ...types));
  }

  ids(value: unknown): string[] {
    return [value ?? []].flat().flatMap((each) => (isReference(each) ? [each['@id']] : []));
  }

  linked(entity: Entity, property: string): Mutable[] {
    return this.ids(entity[property]).map((id) => this.get(id));
  }

  /** Entities of which not all that a property refers to, or nothing, is of one of the types. */
  notLinking(entities: readonly Entity[], property: string, ...types: string[]): string[] {
    return failing(entities, (entity) => {
      const targets = this.linked(entity, property);
      return targets.length > 0 && targets.every((target) => is(target, ...types));
    });
  }

  /** Executions of the tools of the workflow. */
  get toolActions(): Mutable[] {
    return this.typed(...actions).filter((action) => !this.ids(action['instrument']).includes(this.workflow['@id']));
  }
}

const actions = ['CreateAction', 'ActivateAction', 'UpdateAction'];
const tools = ['SoftwareApplication', 'SoftwareSourceCode', 'ComputationalWorkflow'];
const iso8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;
const absolute = /^[a-z][a-z0-9+.-]*:/i;

const isReference = (value: unknown): value is { '@id': string } =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === '@id';

function is(entity: Entity, ...types: string[]): boolean {
  return [entity['@type']].flat().some((type) => types.includes(type));
}

function failing(entities: readonly Entity[], holds: (entity: Entity) => boolean): string[] {
  return entities.filter((entity) => !holds(entity)).map((entity) => entity['@id']);
}

const hasText = (property: string) => (entity: Entity) =>
  typeof entity[property] === 'string' && entity[property] !== '';
const lacks = (property: string) => (entity: Entity) => entity[property] === undefined;

/** That the root says which profile it follows, and a CreativeWork with that permalink describes it. */
const conforms = (profile: Profile, permalink: string): Rule => ({
  profile,
  level: 'MUST',
  says: `The root data entity refers by conformsTo to a CreativeWork with the permalink ${permalink}`,
  broken: (crate) =>
    crate.linked(crate.root, 'conformsTo').some((each) => each['@id'] === permalink && is(each, 'CreativeWork'))
      ? []
      : [crate.root['@id']],
  spoil: (crate) => (crate.get(permalink)['@id'] = `${permalink}-DRAFT`),
});

/** Properties and types that the contexts of a crate give a meaning to, as far as we use them. */
const terms = `about additionalType actionStatus conformsTo contentSize dateModified datePublished description
  encodingFormat endTime environment exampleOfWork hasPart input instrument license mainEntity mentions name object output
  position programmingLanguage result sha256 softwareVersion startTime step unitText value version workExample
  CreativeWork Dataset File SoftwareSourceCode SoftwareApplication ComputationalWorkflow ComputerLanguage HowTo HowToStep
  FormalParameter PropertyValue CreateAction ControlAction OrganizeAction`.split(/\s+/);

export const rules: readonly Rule[] = [
  {
    profile: 'RO-Crate',
    level: 'MUST',
    says: 'The context is that of RO-Crate 1.1, and every type and property is a term of it or of the workflow-run context',
    broken: ({ context, entities }) => [
      ...['https://w3id.org/ro/crate/1.1/context', 'https://w3id.org/ro/terms/workflow-run/context'].filter(
        (url) => !context.includes(url),
      ),
      ...failing(entities, (entity) =>
        [...Object.keys(entity).filter((key) => !key.startsWith('@')), ...[entity['@type']].flat()].every((term) =>
          terms.includes(term),
        ),
      ),
    ],
    spoil: ({ workflow }) => (workflow['exampleOf'] = 'x'),
  },
  {
    profile: 'RO-Crate',
    level: 'MUST',
    says: 'The graph is flat: entities have an @id of their own and a @type, and refer to each other by @id alone',
    broken: ({ entities }) => {
      const ids = entities.map((entity) => entity['@id']);
      return failing(
        entities,
        (entity) =>
          ids.filter((id) => id === entity['@id']).length === 1 &&
          [entity['@type']].flat().length > 0 &&
          Object.values(entity)
            .flat()
            .every((value) => typeof value !== 'object' || isReference(value)),
      );
    },
    spoil: ({ workflow }) => (workflow['programmingLanguage'] = { '@id': '#a', name: 'nested' }),
  },
  {
    profile: 'RO-Crate',
    level: 'MUST',
    says: 'The descriptor ro-crate-metadata.json is a CreativeWork about the root, and conforms to RO-Crate 1.1',
    broken: (crate) =>
      failing(
        [crate.get('ro-crate-metadata.json')],
        (entity) =>
          is(entity, 'CreativeWork') &&
          crate.ids(entity['about']).join() === './' &&
          crate.ids(entity['conformsTo']).includes('https://w3id.org/ro/crate/1.1'),
      ),
    spoil: (crate) => (crate.get('ro-crate-metadata.json')['conformsTo'] = []),
  },
  {
    profile: 'RO-Crate',
    level: 'MUST',
    says: 'The root is a Dataset whose @id ends with /, with name, description, license, and an ISO 8601 datePublished',
    broken: ({ root }) =>
      failing(
        [root],
        (entity) =>
          is(entity, 'Dataset') &&
          entity['@id'].endsWith('/') &&
          ['name', 'description'].every((property) => hasText(property)(entity)) &&
          !lacks('license')(entity) &&
          iso8601.test(String(entity['datePublished'])),
      ),
    spoil: ({ root }) => (root['datePublished'] = 'yesterday'),
  },
  {
    profile: 'RO-Crate',
    level: 'MUST',
    says: 'Files and directories are linked from the root, directly or indirectly, by hasPart',
    broken: (crate) => {
      const reached = new Set(['./']);
      for (const id of reached) for (const part of crate.ids(crate.get(id)['hasPart'])) reached.add(part);
      return failing(crate.typed('File', 'Dataset'), (entity) => reached.has(entity['@id']));
    },
    spoil: (crate) => (crate.root['hasPart'] = crate.root['mainEntity']),
  },
  {
    profile: 'RO-Crate',
    level: 'MUST',
    says: 'A file or directory has a relative URI path or an absolute URI, in which all that is no URI character is escaped',
    broken: (crate) =>
      failing(crate.typed('File', 'Dataset'), ({ '@id': id }) => {
        if (absolute.test(id)) return URL.canParse(id);
        return /^[^#?\s<>"{}|\\^`]+$/.test(id) && !id.startsWith('/') && !/^[^/]*:/.test(id) && !id.startsWith('../');
      }),
    spoil: ({ workflow }) => (workflow['@id'] = '#workflow'),
  },
  {
    profile: 'RO-Crate',
    level: 'SHOULD',
    says: 'The @id of a directory ends with /',
    broken: (crate) => failing(crate.typed('Dataset'), ({ '@id': id }) => absolute.test(id) || id.endsWith('/')),
    spoil: (crate) => (crate.typed('Dataset').at(-1)!['@id'] = 'more'),
  },
  {
    profile: 'RO-Crate',
    level: 'SHOULD',
    says: 'What is referred to is described, but for types, statuses and profiles that others define',
    broken: (crate) =>
      crate.entities.flatMap((entity) =>
        Object.values(entity)
          .flatMap((value) => crate.ids(value))
          .filter((id) => crate.get(id)['@id'] !== id)
          .filter((id) => !/^https?:\/\/(w3id\.org\/ro\/crate|schema\.org|bioschemas\.org\/profiles)\//.test(id)),
      ),
    spoil: ({ workflow }) => (workflow['step'] = { '@id': '#nowhere' }),
  },
  {
    profile: 'Workflow RO-Crate',
    level: 'MUST',
    says: 'The descriptor conforms to Workflow RO-Crate 1.0 too',
    broken: (crate) =>
      failing([crate.get('ro-crate-metadata.json')], (entity) =>
        crate.ids(entity['conformsTo']).includes('https://w3id.org/workflowhub/workflow-ro-crate/1.0'),
      ),
    spoil: (crate) => (crate.get('ro-crate-metadata.json')['conformsTo'] = { '@id': 'https://w3id.org/ro/crate/1.1' }),
  },
  {
    profile: 'Workflow RO-Crate',
    level: 'MUST',
    says: 'The main entity of the root is a File, SoftwareSourceCode and ComputationalWorkflow, and a part of the crate',
    broken: (crate) =>
      failing(
        [crate.workflow],
        (entity) =>
          ['File', 'SoftwareSourceCode', 'ComputationalWorkflow'].every((type) => is(entity, type)) &&
          crate.ids(crate.root['hasPart']).includes(entity['@id']),
      ),
    spoil: ({ workflow }) => (workflow['@type'] = ['File', 'SoftwareSourceCode', 'HowTo']),
  },
  {
    profile: 'Workflow RO-Crate',
    level: 'MUST',
    says: 'The main workflow refers by programmingLanguage to a ComputerLanguage',
    broken: (crate) => crate.notLinking([crate.workflow], 'programmingLanguage', 'ComputerLanguage'),
    spoil: ({ workflow }) => (workflow['programmingLanguage'] = 'YAML'),
  },
  conforms('Process Run', 'https://w3id.org/ro/wfrun/process/0.5'),
  {
    profile: 'Process Run',
    level: 'MUST',
    says: 'An action refers by instrument to the tool: a SoftwareApplication, SoftwareSourceCode or ComputationalWorkflow',
    broken: (crate) => crate.notLinking(crate.typed(...actions), 'instrument', ...tools),
    spoil: (crate) => (crate.toolActions[0]!['instrument'] = { '@id': './' }),
  },
  {
    profile: 'Process Run',
    level: 'SHOULD',
    says: 'The root mentions every action; an action has a name, an ISO 8601 endTime and a result',
    broken: (crate) =>
      failing(
        crate.typed(...actions),
        (action) =>
          crate.ids(crate.root['mentions']).includes(action['@id']) &&
          hasText('name')(action) &&
          iso8601.test(String(action['endTime'])) &&
          !lacks('result')(action),
      ),
    spoil: (crate) => (crate.root['mentions'] = []),
  },
  {
    profile: 'Process Run',
    level: 'SHOULD',
    says: 'The status of an action is completed or failed; only a failed one has an error',
    broken: (crate) =>
      failing(
        crate.typed(...actions),
        (action) =>
          crate.ids(action['actionStatus']).every((id) => /schema\.org\/(Completed|Failed)ActionStatus$/.test(id)) &&
          (lacks('error')(action) || crate.ids(action['actionStatus']).join().includes('Failed')),
      ),
    spoil: (crate) => (crate.toolActions[0]!['actionStatus'] = { '@id': 'http://schema.org/Done' }),
  },
  {
    profile: 'Process Run',
    level: 'SHOULD',
    says: 'What an action reads and gives is a File, a Dataset, a Collection, a CreativeWork or a PropertyValue',
    broken: (crate) =>
      crate
        .typed(...actions)
        .flatMap((action) => [...crate.linked(action, 'object'), ...crate.linked(action, 'result')])
        .filter((each) => !is(each, 'File', 'Dataset', 'Collection', 'CreativeWork', 'PropertyValue'))
        .map((each) => each['@id']),
    spoil: (crate) => (crate.toolActions[0]!['object'] = crate.workflow['step']),
  },
  {
    profile: 'Process Run',
    level: 'SHOULD',
    says: 'An environment variable that was set is a PropertyValue with its name and value',
    broken: (crate) =>
      crate.toolActions
        .flatMap((action) => crate.linked(action, 'environment'))
        .filter((each) => !is(each, 'PropertyValue') || !hasText('name')(each) || lacks('value')(each))
        .map((each) => each['@id']),
    spoil: (crate) => (crate.toolActions[0]!['environment'] = { '@id': './' }),
  },
  {
    profile: 'Process Run',
    level: 'SHOULD',
    says: 'A tool has a name, and not both version and softwareVersion',
    broken: (crate) =>
      failing(
        crate.linked(crate.workflow, 'hasPart'),
        (tool) => hasText('name')(tool) && (lacks('version')(tool) || lacks('softwareVersion')(tool)),
      ),
    spoil: (crate) => (crate.linked(crate.workflow, 'hasPart')[0]!['version'] = '1'),
  },
  conforms('Workflow Run', 'https://w3id.org/ro/wfrun/workflow/0.5'),
  {
    profile: 'Workflow Run',
    level: 'MUST',
    says: 'An action has the main workflow as its instrument: its execution',
    broken: (crate) =>
      crate.typed(...actions).some((action) => crate.ids(action['instrument']).includes(crate.workflow['@id']))
        ? []
        : [crate.workflow['@id']],
    spoil: (crate) => {
      for (const action of crate.typed(...actions)) action['instrument'] = crate.toolActions[0]!['instrument'];
    },
  },
  {
    profile: 'Workflow Run',
    level: 'MUST',
    says: 'Inputs and outputs of the workflow and its tools are FormalParameters',
    broken: (crate) =>
      [crate.workflow, ...crate.linked(crate.workflow, 'hasPart')]
        .flatMap((entity) => [...crate.linked(entity, 'input'), ...crate.linked(entity, 'output')])
        .filter((each) => !is(each, 'FormalParameter'))
        .map((each) => each['@id']),
    spoil: ({ workflow }) => (workflow['input'] = workflow['step']),
  },
  {
    profile: 'Workflow Run',
    level: 'MUST',
    says: 'A FormalParameter has an additionalType, and a name',
    broken: (crate) =>
      failing(
        crate.typed('FormalParameter'),
        (parameter) => hasText('additionalType')(parameter) && hasText('name')(parameter),
      ),
    spoil: (crate) => (crate.typed('FormalParameter')[0]!['additionalType'] = ''),
  },
  {
    profile: 'Workflow Run',
    level: 'MUST',
    says: 'Only what an action of the workflow reads in a slot is an example of its input, and what it gives of its output',
    broken: (crate) => {
      const runs = crate
        .typed(...actions)
        .filter((each) => crate.ids(each['instrument']).includes(crate.workflow['@id']));
      return (
        [
          ['object', 'input'],
          ['result', 'output'],
        ] as const
      ).flatMap(([side, slots]) =>
        runs
          .flatMap((run) => crate.linked(run, side))
          .filter((each) =>
            crate.ids(each['exampleOfWork']).some((id) => !crate.ids(crate.workflow[slots]).includes(id)),
          )
          .map((each) => each['@id']),
      );
    },
    spoil: ({ workflow }) => (workflow['output'] = []),
  },
  {
    profile: 'Workflow Run',
    level: 'SHOULD',
    says: 'Every parameter of the workflow has an example, of its type where that is part of the crate',
    broken: (crate) =>
      failing([...crate.linked(crate.workflow, 'input'), ...crate.linked(crate.workflow, 'output')], (parameter) => {
        const examples = crate.entities.filter((each) => crate.ids(each['exampleOfWork']).includes(parameter['@id']));
        const type = String(parameter['additionalType']);
        return examples.length > 0 && examples.every((example) => is(example, type, 'CreativeWork'));
      }),
    spoil: (crate) => {
      for (const parameter of crate.typed('FormalParameter')) parameter['additionalType'] = 'Collection';
    },
  },
  conforms('Provenance Run', 'https://w3id.org/ro/wfrun/provenance/0.5'),
  {
    profile: 'Provenance Run',
    level: 'MUST',
    says: 'The workflow refers by hasPart to the tools it orchestrates, and every execution of a tool is of one of them',
    broken: (crate) => [
      ...crate.notLinking([crate.workflow], 'hasPart', ...tools),
      ...failing(crate.toolActions, (action) =>
        crate.ids(action['instrument']).every((id) => crate.ids(crate.workflow['hasPart']).includes(id)),
      ),
    ],
    spoil: ({ workflow }) => (workflow['hasPart'] = []),
  },
  {
    profile: 'Provenance Run',
    level: 'MUST',
    says: 'A workflow with steps is a HowTo; its steps are HowToSteps, and there is no HowToStep beside them',
    broken: (crate) => [
      ...(is(crate.workflow, 'HowTo') ? [] : [crate.workflow['@id']]),
      ...crate.notLinking([crate.workflow], 'step', 'HowToStep'),
      ...failing(crate.typed('HowToStep'), (step) => crate.ids(crate.workflow['step']).includes(step['@id'])),
    ],
    spoil: ({ workflow }) => (workflow['@type'] = ['File', 'SoftwareSourceCode', 'ComputationalWorkflow']),
  },
  {
    profile: 'Provenance Run',
    level: 'MUST',
    says: 'A HowToStep refers by workExample to the tool that implements it',
    broken: (crate) => crate.notLinking(crate.typed('HowToStep'), 'workExample', ...tools),
    spoil: (crate) => (crate.typed('HowToStep')[0]!['workExample'] = []),
  },
  {
    profile: 'Provenance Run',
    level: 'MUST',
    says: 'The position of a HowToStep is an integer, greater than those of the steps whose results it needs',
    broken: (crate) => {
      const position = (action: Entity): number => {
        const tool = crate.ids(action['instrument'])[0];
        const step = crate.typed('HowToStep').find((each) => crate.ids(each['workExample'])[0] === tool);
        return /^\d+$/.test(String(step?.['position'])) ? Number(step!['position']) : NaN;
      };
      return failing(crate.toolActions, (action) =>
        crate.toolActions
          .filter((other) => crate.ids(other['result']).some((id) => crate.ids(action['object']).includes(id)))
          .every((other) => position(other) < position(action)),
      );
    },
    spoil: (crate) => {
      for (const step of crate.typed('HowToStep')) step['position'] = '0';
    },
  },
  {
    profile: 'Provenance Run',
    level: 'MUST',
    says: 'A ControlAction refers by instrument to the HowToStep it executes',
    broken: (crate) => crate.notLinking(crate.typed('ControlAction'), 'instrument', 'HowToStep'),
    spoil: (crate) => (crate.typed('ControlAction')[0]!['instrument'] = { '@id': './' }),
  },
  {
    profile: 'Provenance Run',
    level: 'MUST',
    says: 'A ControlAction refers by object to the executions of the tool of its step, of which there is at least one',
    broken: (crate) => [
      ...crate.notLinking(crate.typed('ControlAction'), 'object', ...actions),
      ...failing(crate.typed('ControlAction'), (control) => {
        const tool = crate.linked(control, 'instrument').flatMap((step) => crate.ids(step['workExample']));
        return crate.linked(control, 'object').every((each) => crate.ids(each['instrument']).join() === tool.join());
      }),
    ],
    spoil: (crate) => (crate.typed('ControlAction')[0]!['object'] = []),
  },
  {
    profile: 'Provenance Run',
    level: 'MUST',
    says: 'An OrganizeAction refers by instrument to the engine, by object to every ControlAction, by result to the run',
    broken: (crate) => {
      const organizers = crate.typed('OrganizeAction');
      const controlled = new Set(organizers.flatMap((each) => crate.ids(each['object'])));
      return [
        ...crate.notLinking(organizers, 'instrument', ...tools),
        ...crate.notLinking(organizers, 'object', 'ControlAction'),
        ...crate.notLinking(organizers, 'result', ...actions),
        ...failing(crate.typed('ControlAction'), (control) => controlled.has(control['@id'])),
      ];
    },
    spoil: (crate) => (crate.typed('OrganizeAction')[0]!['result'] = []),
  },
];
