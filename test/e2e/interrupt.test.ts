// Ctrl-C, SIGTERM and SIGHUP in the verbs that execute stages: the stages end, and nothing of them is left.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Control, type ControlledStage, controlledStage } from '../rig/controlled-stage.ts';
import { type Background, Rig } from '../rig/rig.ts';

/** Two parameters, so that one changed alone was never run. */
function files(control: Control): Record<string, string> {
  return {
    'pipeline.yaml': `name: interrupted
params: { a: 0, b: 0 }
stages:
  slow:
    run: ${control.run('slow')}
    code: [controlled.mjs]
    params: [a, b]
    outputs: { out: out.txt }
    numbers: n.json
`,
    'controlled.mjs': controlledStage,
  };
}

async function complete(command: Background, control: Control, value: number): Promise<void> {
  const stage = await control.stage('slow');
  await stage.order('write', { path: 'n.json', text: `{"value": {"value": ${value}, "unit": "1", "kind": "exact"}}` });
  await stage.finish();
  expect((await command.result).code).toBe(0);
}

/** A process that nobody has waited for yet has ended all the same. */
function hasEnded(pid: number): boolean {
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || readFileSync(status, 'utf8').split(') ')[1]!.startsWith('Z');
}

/** The stage as it was started again, with a process below it. */
async function startedAgain(control: Control): Promise<{ stage: ControlledStage; below: number }> {
  const stage = await control.stage('slow');
  return { stage, below: (await stage.order('spawn', null)) as number };
}

test('Ctrl-C, SIGTERM and SIGHUP end verbs that execute again with 130, their stages and all those started', async () => {
  await using control = await Control.listen();
  await using project = await Rig.create(files(control));
  await complete(project.start('run'), control, 1);
  await complete(project.start('run', '--set', 'a=1', '--set', 'b=1'), control, 2);
  const interrupted: [NodeJS.Signals, ...string[]][] = [
    ['SIGINT', 'verify', '--recompute', '1'],
    ['SIGTERM', 'diff', 'latest', 'last', '--attribute'],
    ['SIGINT', 'audit', '--set', 'a=1', '--set', 'b=1'],
    ['SIGHUP', 'run', '--set', 'a=2'],
  ];
  for (const [signal, ...words] of interrupted) {
    const what = `${signal} in ${words.join(' ')}`;
    const command = project.start(...words);
    const { stage, below } = await startedAgain(control);
    command.signal(signal);
    const { code, stdout, stderr } = await command.result;
    expect(code, `${what}: ${stdout}${stderr}`).toBe(130);
    await stage.ended;
    expect([stage.pid, below].filter((pid) => !hasEnded(pid))).toEqual([]);
    expect(project.has('.repro/lock'), what).toBe(false);
    expect(project.list('.repro/work').filter((path) => path.includes('-again/'))).toEqual([]);
    expect(project.list('.repro/tmp'), what).toEqual([]);
  }
  // Killed, it can do none of that: the next run does.
  const killed = project.start('audit', '--set', 'a=1', '--set', 'b=1');
  const { stage } = await startedAgain(control);
  killed.signal('SIGKILL');
  await killed.result;
  expect(project.list('.repro/work')).not.toEqual([]);
  // What was known is known: nothing is executed.
  const { stdout } = await project.repro('run', '--set', 'a=1', '--set', 'b=1');
  expect(stdout).toContain('1 restored');
  expect(hasEnded(stage.pid)).toBe(true);
  expect(project.list('.repro/work').filter((path) => path.includes('-again/'))).toEqual([]);
});
