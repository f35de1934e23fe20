// A run in a real terminal: what a person sees at the end, that Ctrl-C gives the terminal back, and who gets lines.
import { describe, expect, test } from 'vitest';
import { Control, controlledStage } from '../rig/controlled-stage.ts';
import { Rig } from '../rig/rig.ts';
import { Screen } from '../rig/screen.ts';
import { asPeopleHaveIt, hasTerminal, inTerminal } from '../rig/terminal.ts';

const files = {
  'pipeline.yaml': `name: wide
stages:
  data: { run: [sh, data.sh], code: [data.sh], outputs: { set: set.txt } }
  train:
    run: [sh, train.sh]
    code: [train.sh]
    inputs: { set: data.set }
    matrix: { model: [gradient-boosting], seed: [${Array.from({ length: 30 }, (_, i) => i + 1).join(', ')}] }
    outputs: { model: model.txt }
  table: { run: [sh, table.sh], code: [table.sh], inputs: { models: 'train[*].model' }, outputs: { table: table.txt } }
`,
  'data.sh': 'echo 1 > set.txt\n',
  'train.sh': `echo '::repro progress {"step":1,"total":2}'
echo '::repro progress broken'
grep -qE '"seed": *7([^0-9]|$)' "$REPRO_STAGE" && exit 3
echo 1 > model.txt
`,
  'table.sh': 'echo 1 > table.txt\n',
};

/** What a terminal shows after a command, and all that was sent to it. */
async function inScreen(rig: Rig, columns: number, rows: number, words: string[], environment = {}) {
  const within = inTerminal(columns, rows);
  const options = { within, environment: { ...asPeopleHaveIt, ...environment } };
  const { code, stdout } = await rig.startWith(options, ...words).result;
  return { code, sent: stdout.replaceAll('\r\n', '\n') };
}

describe.skipIf(!hasTerminal)('a run in a terminal', () => {
  test('with more cells than rows folds by stage, says at once what failed, and shows no protocol', async () => {
    await using rig = await Rig.create(files);
    const { code, sent } = await inScreen(rig, 60, 20, ['run', '--cpus', '2']);
    expect(code).toBe(1);
    const screen = new Screen(60, 20);
    const told = 'train[model=gradient-boosting,seed=7]: FAILED: Ended with exit code 3';
    const isTold: boolean[] = [];
    for (const part of sent.slice(0, sent.indexOf('exit-code:')).split(/(?<=\n)/)) {
      screen.write(part);
      isTold.push(screen.everything().includes(told));
    }
    expect(isTold.filter(Boolean).length).toBeGreaterThan(10);
    expect(sent.slice(0, sent.indexOf('exit-code:'))).not.toContain('::repro');
    const picture = screen.everything().split('\n');
    expect(picture).toContain('✖ train  29 of 30, 1 FAILED');
    expect(picture.filter((line) => line.startsWith('✔ data'))).toHaveLength(1);
    expect(picture.filter((line) => line.startsWith('↓ table'))).toHaveLength(1);
    // Nothing of the pictures that were drawn over is left.
    expect(screen.everything()).not.toMatch(/▸|◻|\d run, /);
  });

  test('that fits has a row for each cell, and names that are cut where they agree', async () => {
    await using rig = await Rig.create({
      ...files,
      'pipeline.yaml': files['pipeline.yaml'].replace(/seed: \[.*\]/, 'seed: [1, 7, 12]'),
    });
    const { sent } = await inScreen(rig, 60, 20, ['run', '--cpus', '2']);
    const screen = new Screen(60, 20);
    screen.write(sent.slice(0, sent.indexOf('exit-code:')));
    const rows = screen.everything().split('\n');
    expect(rows.filter((row) => /^✖ train\[…seed=7\] +FAILED: Ended with exit code 3$/.test(row))).toHaveLength(1);
    expect(rows.filter((row) => /^✔ train\[…seed=(1|12)\] +[\d.]+ s$/.test(row))).toHaveLength(2);
  });

  test('is ended by Ctrl-C, which gives the terminal back as it was', async () => {
    await using control = await Control.listen();
    await using rig = await Rig.create({
      'pipeline.yaml': `name: long
stages:
  slow: { run: ${control.run('slow')}, code: [controlled.mjs], outputs: { out: out.txt } }
`,
      'controlled.mjs': controlledStage,
    });
    const run = rig.startWith({ within: inTerminal(60, 20), environment: asPeopleHaveIt }, 'run');
    await control.stage('slow');
    run.signal('SIGINT');
    const { code, stdout } = await run.result;
    expect(code).toBe(130);
    const screen = new Screen(60, 20);
    screen.write(stdout.replaceAll('\r\n', '\n'));
    expect(screen.everything()).toMatch(/↓ slow {2}cancelled\n\ninterrupted: 1 stage/);
    // eslint-disable-next-line no-control-regex -- modes that would have to be given back
    expect(stdout).not.toMatch(/\u001b\[\?/);
  });

  test.each([{ TERM: 'dumb' }, { NO_COLOR: '1' }, { ACCESSIBLE: '1' }])('gets lines with %o', async (environment) => {
    await using rig = await Rig.create(files);
    const { sent } = await inScreen(rig, 60, 20, ['run', 'data'], environment);
    expect(sent).toContain('data: started (no earlier execution)\n');
    // eslint-disable-next-line no-control-regex -- what moves the cursor
    expect(sent).not.toMatch(/\r|\u001b\[\d*[A-K]/);
  });
});
