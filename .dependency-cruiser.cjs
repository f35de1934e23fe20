// The walls of the house (ARCHITECTURE.md): which folder may import which. Checked by `npm run lint`.
const may = {
  'error.ts': [],
  schema: [],
  statistics: [],
  pipeline: ['error.ts', 'schema'],
  store: ['error.ts', 'schema'],
  runner: ['pipeline', 'store', 'schema', 'error.ts'],
  manifest: ['pipeline', 'store', 'schema', 'statistics', 'error.ts'],
  report: ['manifest', 'schema'],
  cli: ['pipeline', 'store', 'runner', 'manifest', 'report', 'schema', 'error.ts'],
  stage: ['schema'],
  tensor: [],
  networks: ['tensor'],
  datasets: ['tensor', 'distributions'],
  distributions: ['tensor', 'statistics'],
  diffusion: ['tensor', 'statistics'],
  ratios: ['diffusion', 'tensor'],
  quality: ['tensor', 'networks', 'statistics'],
};
const path = (folder) => (folder.endsWith('.ts') ? `^src/${folder.replace('.', '\\.')}$` : `^src/${folder}/`);
const walls = Object.entries(may).map(([folder, allowed]) => ({
  name: `${folder} may import only ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: path(folder) },
  to: { path: '^(src|stages)/', pathNot: [folder, ...allowed].map(path) },
}));

module.exports = {
  forbidden: [
    ...walls,
    {
      name: 'stages reach the science and the kit, never the pipeline',
      severity: 'error',
      from: { path: '^stages/' },
      to: {
        path: '^src/',
        pathNot: [
          'stage',
          'tensor',
          'diffusion',
          'ratios',
          'quality',
          'networks',
          'distributions',
          'datasets',
          'statistics',
        ].map(path),
      },
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
