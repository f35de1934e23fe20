// `repro shell`: the directory, the inputs, the variables and the assignment of a stage, as a run makes them.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type CommandResult, Rig } from '../rig/rig.ts';

const pipeline = `name: test
params: { k: 3 }
stages:
  data: { run: [sh, -c, 'echo 1 > d.txt; mkdir tree; echo 2 > tree/a'], code: [], outputs: { table: d.txt, tree: tree/ } }
  probe:
    run: [sh, probe.sh, 'two words', "it's"]
    code: [probe.sh]
    params: [k]
    env: { fingerprint: [DECLARED], pass: [PASSED] }
    inputs: { table: data.table, tree: data.tree, words: { file: words.txt } }
    matrix: { model: [a, b] }
  module: { run: module.ts, inputs: { table: data.table }, outputs: { out: o.txt } }
  python: { run: [python3, -u, stage.py, --rate, '1'], code: [stage.py] }
`;

const files = {
  'pipeline.yaml': pipeline,
  'words.txt': 'hello\n',
  'probe.sh': `env | grep -vE '^(_|PWD|SHLVL|OLDPWD|TERM|PS1)=' | sort
cat "$REPRO_STAGE" ../inputs/table/d.txt ../inputs/tree/tree/a
ls -R . ../inputs
echo "$@"
echo half > scratch/checkpoint
exit 3
`,
  'module.ts': 'const here: string = process.cwd();\nconsole.log("in", here.endsWith("run"));\n',
  'stage.py': 'import sys\nvalue = sys.argv[1:]\nprint("ran with", value)\n',
};

/** What a shell does with the lines that it is given. */
function inShell(rig: Rig, lines: string, ...words: string[]): Promise<CommandResult> {
  rig.write('lines', `${lines}\n`);
  const environment = { DECLARED: 'value-one', PASSED: 'value-two', HIDDEN: 'no' };
  return rig.startWith({ within: ['sh', '-c', '"$@" < lines', 'sh'], environment }, 'shell', ...words).result;
}

const anywhere = (text: string): string => text.replaceAll(/\.repro\/(work\/\w+|shell\/[\w-]+)/g, 'HERE');

test('of a stage that never ran, failed or ran: what its command sees is what it sees in a run', async () => {
  await using rig = await Rig.create(files);
  const early = await inShell(rig, '../command', 'probe[model=a]');
  expect(early).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('hint: Make it first: repro run data'),
  });
  await rig.repro('run', 'data');
  const never = await inShell(rig, '../command; echo "ended with $?"', 'probe[model=a]');
  expect(never.stderr).toContain('its command is ../command');
  await rig.startWith(
    { environment: { DECLARED: 'value-one', PASSED: 'value-two', HIDDEN: 'no' } },
    'run',
    'probe[model=a]',
  ).result;
  const { stdout: printed } = await rig.repro('log', 'probe[model=a]');
  expect(printed).toContain('DECLARED=value-one');
  expect(printed).toContain('PASSED=value-two');
  expect((await inShell(rig, '', 'probe[model=a]', '--json')).stdout).not.toMatch(/value-/);
  expect(anywhere(never.stdout)).toBe(`${anywhere(printed)}ended with 3\n`);
  expect(never.code).toBe(0);

  const failed = await inShell(rig, 'cat scratch/checkpoint; exit 7', 'probe[model=a]');
  expect(failed).toMatchObject({ code: 7, stdout: 'half\n' });
  expect(failed.stderr).toMatch(/all of that is in \.repro\/work\/[0-9a-f]{16}\n/);
  expect((await inShell(rig, '../command', 'module')).stdout).toBe('in true\n');
  expect((await inShell(rig, 'cat', 'data')).code).toBe(0);
  // What an editor was given stays.
  expect(rig.list('.repro/shell').filter((file) => !file.startsWith('probe-1/'))).toEqual([]);
});

test('what is done there harms no result, and a run does not end it', async () => {
  await using rig = await Rig.create(files);
  await rig.repro('run', 'data');
  const vandal =
    'chmod -R u+w ..; echo 9 > ../inputs/table/d.txt; echo 9 > ../inputs/tree/tree/a; rm -r ../inputs/tree';
  expect((await inShell(rig, vandal, 'probe[model=a]', '--keep')).stderr).toContain('kept: .repro/shell/probe-1/run\n');
  expect(rig.read('.repro/shell/probe-1/inputs/table/d.txt')).toBe('9\n');
  expect(await rig.repro('verify')).toMatchObject({ code: 0 });

  const waiting = inShell(rig, 'until test -e ../../../../go; do sleep 0.05; done; echo alive', 'probe[model=b]');
  while (!rig.has('.repro/shell/probe-2/command')) await delay(20);
  rig.write('pipeline.yaml', pipeline.replace('echo 1 >', 'echo 5 >'));
  expect((await rig.repro('run', 'data')).code).toBe(0);
  // Neither is cleared: one is in use, both are young.
  expect((await rig.repro('gc', '--older-than', '1', '--delete')).stdout).toContain('.repro/shell/probe-2');
  rig.write('go', '');
  expect(await waiting).toMatchObject({ code: 0, stdout: 'alive\n' });
  expect(existsSync(path.join(rig.root, '.repro/shell/probe-2'))).toBe(false);
  expect((await rig.repro('gc')).stdout).toMatch(/probe-1: .*, kept, as shell --keep asked/);
});

test('names are one cell; an editor is given its surroundings; debuggers stop in the stage', async () => {
  await using rig = await Rig.create(files);
  const several = await inShell(rig, '', 'probe');
  expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining("such as 'probe[model=a]'") });
  expect((await inShell(rig, '', 'pyhton')).stderr).toContain('did you mean "python"');

  const given = JSON.parse((await inShell(rig, '', 'python', '--json')).stdout) as Record<'directory', string>;
  expect(given).toMatchObject({
    stage: 'python',
    command: [expect.stringMatching(/python3$/), '-u', expect.stringMatching(/stage\.py$/), '--rate', '1'],
  });
  expect(existsSync(path.join(given.directory, 'stage.json'))).toBe(true);

  const pdb = await inShell(rig, 'next\nnext\np value\nq', 'python', '--debug');
  expect(pdb.stdout).toContain("['--rate', '1']");
  const none = await inShell(rig, '', 'data', '--debug');
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('No debugger is known for "sh"') });
  expect(none.stderr, 'no stack: it is no bug').not.toContain('    at ');
  await rig.repro('run', 'data');
  let told = '';
  // Node says on standard error where it listens.
  const within = ['sh', '-c', 'exec "$@" 2>&1', 'sh'];
  const node = rig.startWith({ within, onOutput: (text) => void (told += text) }, 'shell', 'module', '--debug');
  while (!/Debugger listening|address already in use/.test(told)) await delay(20);
  node.signal('SIGTERM');
  await node.result;
  expect(rig.list('.repro/shell').filter((file) => !file.startsWith('python-1'))).toEqual([]);
});
