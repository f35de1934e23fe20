// Stages as jobs of schedulers that are known by their commands: Debian's Grid Engine, and three scripts of sh.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { filled, parseStatus } from '../../src/cluster/template.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { type GridEngine, startGridEngine, whyNoGridEngine } from '../rig/gridengine.ts';
import { Rig } from '../rig/rig.ts';
import { until } from './cluster-project.ts';

const pipeline = `name: test
stages:
  first: { run: [sh, -c, 'echo 1 > out.txt; echo made'], outputs: { out: out.txt }, resources: { cpus: 2, time: 60s } }
  second: { run: [sh, -c, 'cat ../inputs/in/* > out.txt'], inputs: { in: first.out }, outputs: { out: out.txt } }
  failing: { run: [sh, -c, 'echo no; exit 3'] }
`;
const sleeping = `name: test
stages:
  long: { run: [sh, -c, 'echo began; sleep 60'] }
`;

function jobOf(rig: Rig, stage: string): unknown {
  const { stages } = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
  const found = stages.find(({ id }) => id === stage) as { record?: { job?: unknown } } | undefined;
  return found?.record?.job;
}

const reason = whyNoGridEngine();
describe.skipIf(reason !== null)(`stages on Grid Engine${reason === null ? '' : ` (${reason})`}`, () => {
  let engine: GridEngine;
  beforeAll(async () => {
    engine = await startGridEngine();
  });
  afterAll(async () => engine?.[Symbol.asyncDispose]());

  const configuration = documented('sge');

  it('run as jobs, as docs/cluster.md has them', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline, 'repro.config.yaml': configuration });
    const environment = { ...engine.environment, XDG_CONFIG_HOME: join(rig.root, 'none') };
    const { code, stdout } = await rig.startWith({ environment }, 'run', '--executor', 'sge').result;
    expect(code, stdout).toBe(1);
    expect(stdout).toContain('Ended with exit code 3');
    expect(jobOf(rig, 'second')).toMatchObject({ executor: 'sge', id: expect.stringMatching(/^\d+$/) as string });
    expect(rig.read('artifacts/second/out.txt')).toBe('1\n');
    await until(async () => (await engine.ask('qstat')) === '');
  });

  it('are ended by Ctrl-C', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': sleeping, 'repro.config.yaml': configuration });
    const environment = { ...engine.environment, XDG_CONFIG_HOME: join(rig.root, 'none') };
    let said = '';
    const onOutput = (text: string): void => void (said += text);
    const run = rig.startWith({ environment, onOutput }, 'run', '--json', '--executor', 'sge');
    await until(() => said.includes('began'));
    run.signal('SIGINT');
    expect((await run.result).code).toBe(130);
    await until(async () => (await engine.ask('qstat')) === '');
    await until(() => processesIn(rig.root).length === 0);
  });

  it('go on when their runner is killed, and the next takes them over', async () => {
    const stages = `name: test
stages:
  counted: { run: [sh, -c, 'echo began; while [ ! -e $GO ]; do sleep 0.1; done; date +%N > out.txt'], env: [GO], outputs: { out: out.txt } }
`;
    await using rig = await Rig.create({ 'pipeline.yaml': stages, 'repro.config.yaml': configuration });
    const go = join(rig.root, 'go');
    const environment = { ...engine.environment, XDG_CONFIG_HOME: join(rig.root, 'none'), GO: go };
    let said = '';
    const onOutput = (text: string): void => void (said += text);
    const killed = rig.startWith({ environment, onOutput }, 'run', '--json', '--executor', 'sge');
    await until(() => said.includes('began'));
    killed.signal('SIGKILL');
    await killed.result;
    const jobs = await engine.ask('qstat');
    expect(jobs).not.toBe('');
    const next = rig.startWith({ environment }, 'run', '--json', '--executor', 'sge');
    await until(() => rig.has('.repro/lock'));
    rig.write('go', '');
    const { code, stdout } = await next.result;
    expect(code, stdout).toBe(0);
    expect(jobOf(rig, 'counted')).toMatchObject({ id: /^\s*(\d+)/m.exec(jobs.split('\n')[2]!)![1] });
  });
});

describe('a scheduler of three scripts', () => {
  const scripts = {
    'submit.sh': `cat > script-$$.sh
setsid sh script-$$.sh > "$1" 2>&1 < /dev/null &
echo "Job <$!> is submitted"
`,
    'status.sh': 'for id; do kill -0 "$id" 2> /dev/null && echo "$id RUN"; done; :\n',
    'cancel.sh': 'kill -s KILL -- "-$1"\n',
  };
  const configuration = `executors:
  own:
    kind: template
    submit: [sh, submit.sh, '{log}']
    status: [sh, status.sh, '{ids}']
    cancel: [sh, cancel.sh, '{id}']
    id: 'Job <(\\d+)>'
`;

  it('runs stages, and says what one wrote that failed', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline, 'repro.config.yaml': configuration, ...scripts });
    const { code, stdout } = await rig.repro('run', '--executor', 'own');
    expect(code, stdout).toBe(1);
    expect(stdout).toContain('Ended with exit code 3');
    expect(rig.read('artifacts/second/out.txt')).toBe('1\n');
  });

  it.each([
    ['refuses', 'echo "no such queue" >&2; exit 1\n', 'The scheduler refuses it: no such queue'],
    ['says no number', 'echo done\n', 'printed no job number: "done"'],
  ])('that %s is quoted', async (_, submit, message) => {
    const files = { 'pipeline.yaml': sleeping, 'repro.config.yaml': configuration, ...scripts, 'submit.sh': submit };
    await using rig = await Rig.create(files);
    const { code, stdout, stderr } = await rig.repro('run', '--executor', 'own');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(message);
  });
});

test('a word is left out with its brackets where it stands for nothing', () => {
  const template = ['qsub', '-N', '{name}', ['-l', 'mem={megabytes}mb'], ['-l', 't={minutes}'], '{ids}', '${HOME}'];
  expect(filled(template, { name: ['n'], megabytes: [], minutes: ['2'], ids: ['1', '2'] })).toEqual([
    'qsub',
    '-N',
    'n',
    '-l',
    't=2',
    '1',
    '2',
    '${HOME}',
  ]);
});

test('status lines of PBS, LSF and Grid Engine are understood', () => {
  const states = { queued: ['Q', 'qw', 'PEND'], running: ['R', 'r', 'RUN'], ended: ['C', 'EXIT'], failed: ['Eqw'] };
  const seen = (text: string): string[] => parseStatus(text, states).map(({ id, state }) => `${id} ${state}`);
  expect(
    seen(`Job id            Name             User              Time Use S Queue
----------------  ---------------- ----------------  -------- - -----
12.server         repro-1          someone           00:00:01 R workq
13.server         repro-2          someone                  0 Q workq
14.server         repro-3          someone           00:00:03 C workq
`),
  ).toEqual(['12 running', '13 queued', '14 ended']);
  expect(
    seen(`JOBID   USER    STAT  QUEUE      FROM_HOST   EXEC_HOST   JOB_NAME   SUBMIT_TIME
12      someone RUN   normal     login       node1       repro-1    Nov 29 01:00
13      someone PEND  normal     login                   repro-2    Nov 29 01:00
`),
  ).toEqual(['12 running', '13 queued']);
  const engine = parseStatus(
    `job-ID  prior   name       user         state submit/start at     queue                          slots ja-task-ID
-----------------------------------------------------------------------------------------------------------------
      4 0.50000 repro-4f2a someone      r     11/29/2026 02:00:13 all.q@node1                        2
       Full jobname:     repro-4f2a9c0d1e2b3a45
      5 0.00000 repro-0d1e someone      Eqw   11/29/2026 02:00:13                                    2
`,
    states,
  );
  expect(engine.map(({ id, state }) => `${id} ${state}`)).toEqual(['4 running', '5 failed-node']);
  expect(engine[0]!.words.has('repro-4f2a9c0d1e2b3a45')).toBe(true);
});

/** Of stages that were started there. */
function processesIn(directory: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`REPRO_STAGE=${directory}/`);
    } catch {
      return false;
    }
  });
}

/** The executor of that name on the page. */
function documented(name: string): string {
  const page = readFileSync(new URL('../../docs/cluster.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map((match) => match[1]!);
  const example = examples.find((text) => text.includes(`\n  ${name}:\n`));
  if (example === undefined) throw new Error(`docs/cluster.md has no executor "${name}"`);
  return example;
}
