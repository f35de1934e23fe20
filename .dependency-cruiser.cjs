// The walls of the house (ARCHITECTURE.md): which folder may import which. Checked by `npm run lint`.
const may = {
  'error.ts': [],
  schema: [],
  statistics: [],
  dom: [],
  pipeline: ['error.ts', 'schema'],
  store: ['error.ts', 'schema'],
  runner: ['pipeline', 'store', 'schema', 'error.ts'],
  manifest: ['pipeline', 'store', 'schema', 'statistics', 'error.ts'],
  report: ['manifest', 'schema', 'dom'],
  live: ['report', 'dom', 'manifest', 'runner', 'schema', 'store'],
  remote: ['pipeline', 'store', 'runner', 'manifest', 'schema', 'error.ts'],
  cluster: ['runner', 'schema', 'store', 'error.ts'],
  project: ['cluster', 'remote', 'pipeline', 'store', 'runner', 'manifest', 'schema', 'error.ts'],
  cli: ['project', 'remote', 'pipeline', 'store', 'runner', 'manifest', 'report', 'live', 'schema', 'error.ts'],
  stage: ['schema'],
  tensor: [],
  networks: ['tensor'],
  datasets: ['tensor', 'distributions'],
  distributions: ['tensor', 'statistics'],
  information: ['tensor', 'statistics'],
  diffusion: ['tensor', 'statistics'],
  ratios: ['diffusion', 'tensor'],
  quality: ['tensor', 'networks', 'statistics'],
  play: ['dom', 'models', 'diffusion', 'networks', 'tensor', 'statistics'],
  models: ['diffusion', 'networks', 'datasets', 'distributions', 'tensor', 'statistics'],
};
/** Of the wings of a folder: which others of the same folder each may import; `.` are the files that lie in no wing. */
const wings = {
  manifest: {
    text: [],
    gates: ['text'],
    comparison: ['text', '.'],
    papers: ['text', '.'],
    verification: ['text', 'gates', '.'],
    exports: ['text', 'verification', '.'],
  },
  runner: {
    process: [],
    git: [],
    code: ['process'],
    download: ['process'],
    outputs: ['process'],
    watch: ['process', 'code'],
  },
  cli: { view: [] },
  play: { page: [] },
};
const path = (folder) => (folder.endsWith('.ts') ? `^src/${folder.replace('.', '\\.')}$` : `^src/${folder}/`);
const walls = Object.entries(may).map(([folder, allowed]) => ({
  name: `${folder} may import only ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: path(folder) },
  to: { path: '^(src|stages)/', pathNot: [folder, ...allowed].map(path) },
}));

const wingPath = (folder, wing) => (wing === '.' ? `^src/${folder}/[^/]+$` : `^src/${folder}/${wing}/`);
const partitions = Object.entries(wings).flatMap(([folder, table]) =>
  Object.entries(table).map(([wing, allowed]) => ({
    name: `${folder}/${wing} may import of ${folder} only ${allowed.join(', ') || 'itself'}`,
    severity: 'error',
    from: { path: wingPath(folder, wing) },
    to: { path: `^src/${folder}/`, pathNot: [wing, ...allowed].map((each) => wingPath(folder, each)) },
  })),
);

module.exports = {
  forbidden: [
    ...walls,
    ...partitions,
    {
      name: 'stages reach the science and the kit, never the pipeline',
      severity: 'error',
      from: { path: '^stages/' },
      to: {
        path: '^src/',
        pathNot: [
          'stage',
          'models',
          'play',
          'tensor',
          'diffusion',
          'ratios',
          'quality',
          'networks',
          'distributions',
          'information',
          'datasets',
          'statistics',
        ].map(path),
      },
    },
    {
      name: 'examples stand alone',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(src|stages|test)/' },
    },
    {
      name: 'the kit imports no package, since stages have it with all that it imports (docs/decisions/kit.md)',
      severity: 'error',
      from: { path: '^src/stage/' },
      to: { path: 'node_modules/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pipeline is pure: no files, no process',
      severity: 'error',
      from: { path: '^src/pipeline/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?path' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/schema/generate\\.ts$' },
  },
};
