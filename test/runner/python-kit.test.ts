// The kit for stages in Python, by the interpreter that is there, and what it reads of manifests.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Rig } from '../rig/rig.ts';

const kit = readFileSync(new URL('../../python/repro_stage.py', import.meta.url), 'utf8');
const has = (python: string, module: string): boolean => spawnSync(python, ['-c', `import ${module}`]).status === 0;
/** The first that has a module; Debian's has those of its packages. */
const pythonWith = (module: string): string | undefined =>
  ['python3', '/usr/bin/python3'].find((python) => has(python, module));

async function project(body: string, more = ''): Promise<Rig> {
  return Rig.create({
    'repro_stage.py': kit,
    's.py': `from repro_stage import Stage\nstage = Stage()\n${body}\n`,
    'table.csv': 'a,b\n',
    'pipeline.yaml': `name: test
seed: 3
params: { train: { rate: 0.5, names: [a, b] } }
stages:
  s:
    run: [python3, s.py]
    code: [s.py, repro_stage.py]
    packages: []
    params: [train]
    inputs: { table: { file: table.csv }, absent: { file: '\${train.file}', optional: true } }
    outputs: { out: out/here.txt }
    numbers: numbers.json
    matrix: { size: [16] }${more}
`.replace('names: [a, b]', 'names: [a, b], file: null'),
  });
}

describe.skipIf(!has('python3', 'json'))('the kit for Python (needs python3)', () => {
  it('says which file is of which cell', async () => {
    await using rig = await Rig.create({
      'repro_stage.py': kit,
      's.py': `from repro_stage import Stage
stage = Stage()
told = [(label["k"], path.read_text()) for label, path in zip(stage.labels["all"], stage.inputs["all"])]
assert told == [(10, "10"), (2, "2")], told
try: stage.labels["plain"]
except KeyError as error: assert "declared: all" in str(error), error
else: raise SystemExit("an input without labels has some")
`,
      'pipeline.yaml': `name: test
stages:
  one: { run: [sh, -c, 'printf "$1" > o.txt', sh, '\${k}'], code: [], matrix: { k: [10, 2] }, outputs: { o: o.txt } }
  s:
    run: [python3, s.py]
    code: [s.py, repro_stage.py]
    packages: []
    inputs: { all: { cells: 'one[*].o' }, plain: 'one[*].o' }
`,
    });
    const run = await rig.run();
    expect(run.outcome, JSON.stringify(run.cells.at(-1)!.failure)).toBe('complete');
  });

  it('gives what the runner assigns, and reports numbers', async () => {
    await using rig = await project(`
assert stage.name == "s" and stage.cell == {"size": 16} and stage.threads == 1
assert stage.params["train"]["rate"] == 0.5
assert stage.inputs["table"].read_text() == "a,b\\n" and stage.inputs["absent"] is None
try: stage.inputs["tabel"]
except KeyError as error: assert "declared: absent, table" in str(error) or "declared: table, absent" in str(error), error
stage.outputs["out"].write_text("here")
assert stage.report_mean("loss", [1, 2, 4], unit="nats", better="lower") == (7 / 3, (7 / 9) ** 0.5, 3)
stage.report("count", 3)
assert stage.report_mean("share", [0, 1]) == (0.5, 0.5, 2)
stage.report("seconds", 2.5, unit="s", kind="timing", note="as it says")
for bad in [("count", 1), ("no name", 1), ("nan", float("nan"))]:
    try: stage.report(*bad, unit="1")
    except ValueError: pass
    else: raise SystemExit(f"{bad} was taken")
stage.progress(1, 2, loss=0.25, infinite=float("inf"))
stage.progress(2, 2)
stage.facts(device="cpu")`);
    const run = await rig.run();
    expect(run.outcome, JSON.stringify(run.cells[0]!.failure)).toBe('complete');
    const { numbers, facts } = run.cells[0]!.record!;
    expect(numbers).toEqual({
      loss: { value: 7 / 3, unit: 'nats', kind: 'estimate', standardError: Math.sqrt(7 / 9), n: 3, better: 'lower' },
      count: { value: 3, unit: '1', kind: 'exact' },
      share: { value: 0.5, unit: '1', kind: 'estimate', standardError: 0.5, n: 2 },
      seconds: { value: 2.5, unit: 's', kind: 'timing', note: 'as it says' },
    });
    expect(facts).toEqual({ device: 'cpu' });
    const progress = run.events.flatMap((event) => (event.kind === 'stage-progress' ? [event.progress] : []));
    expect(progress).toEqual([
      { step: 1, total: 2, metrics: { loss: 0.25 } },
      { step: 2, total: 2, metrics: {} },
    ]);
  });

  it('does what its page shows', async () => {
    const page = readFileSync(new URL('../../docs/stage-protocol.md', import.meta.url), 'utf8');
    const [, example] = /^```python\n(from repro_stage [^]*?)^```$/m.exec(page)!;
    await using rig = await project('');
    rig.write('s.py', example!);
    rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace('out: out/here.txt', 'losses: losses.txt'));
    const run = await rig.run();
    expect(run.outcome, JSON.stringify(run.cells[0]!.failure)).toBe('complete');
    expect(run.cells[0]!.record!.numbers).toMatchObject({ loss: { value: 3, standardError: 0, n: 100 } });
  });

  it('goes on from its checkpoint, and draws what it would have drawn', async () => {
    const body = `
import os, sys
kept = stage.scratch / "state.txt"
state = kept.read_text().split() if kept.exists() else []
while len(state) < 6:
    state.append(str(stage.random("draws", len(state)).random()))
    with stage.checkpoint("state.txt") as path:
        path.write_text(" ".join(state))
    if len(state) == 3 and not (stage.scratch / "went").exists():
        (stage.scratch / "went").touch()
        os.kill(os.getpid(), 9)
try:
    with stage.checkpoint("state.txt") as path:
        path.write_text("half")
        raise OSError
except OSError: pass
assert kept.read_text() == " ".join(state)
assert not list(stage.scratch.glob(".repro-tmp-*"))
stage.outputs["out"].write_text("\\n".join(state))
stage.report("first", float(state[0]), unit="1")`;
    await using killed = await project(body, '\n    resources: { retries: 1 }');
    const run = await killed.run();
    expect(run.outcome, JSON.stringify(run.cells[0]!.failure)).toBe('complete');
    expect(run.cells[0]!.record!.attempts).toBe(2);
    await using whole = await project(body.replace('os.kill(os.getpid(), 9)', 'pass'));
    await whole.run();
    expect(killed.read('artifacts/s/size=16/out/here.txt')).toBe(whole.read('artifacts/s/size=16/out/here.txt'));
    expect(new Set(whole.read('artifacts/s/size=16/out/here.txt').split('\n')).size).toBe(6);
  });

  it('says what it is where no stage runs', () => {
    const { stderr } = spawnSync('python3', ['-c', 'import repro_stage; repro_stage.Stage()'], {
      cwd: fileURLToPath(new URL('../../python', import.meta.url)),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(stderr).toContain('This is a stage: start it with `repro run`');
  });

  const numpy = pythonWith('numpy');
  it.skipIf(numpy === undefined)(
    'streams of numpy differ by purpose and step, and repeat (needs python3-numpy)',
    async () => {
      await using rig = await project(`
draw = lambda *key: stage.generator(*key).standard_normal(3).tolist()
assert draw("a", 1) == draw("a", 1)
assert len({tuple(draw(*key)) for key in [("a", 1), ("a", 2), ("b", 1)]}) == 3
stage.outputs["out"].write_text(str(draw("a", 1)))
stage.report("x", draw("a", 1)[0], unit="1")`);
      rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace('[python3, s.py]', `[${numpy}, s.py]`));
      const run = await rig.run();
      expect(run.outcome, JSON.stringify(run.cells[0]!.failure)).toBe('complete');
    },
  );

  const pandas = pythonWith('pandas');
  it.skipIf(pandas === undefined)('numbers of runs are a table (needs python3-pandas)', async () => {
    await using rig = await project(`
stage.outputs["out"].write_text("")
stage.report_mean("loss", [1, 3], unit="nats")`);
    expect((await rig.repro('run')).code).toBe(0);
    expect((await rig.repro('run', '--set', 'train.rate=2')).code).toBe(0);
    const files = rig.list('.repro/manifests').map((name) => join('.repro/manifests', name));
    const question = `import repro_stage, sys, json
table = repro_stage.frame(*sys.argv[1:])
print(json.dumps(table.drop(columns=["run"]).to_dict("records")))`;
    const answer = execFileSync(pandas!, ['-c', question, ...files], { cwd: rig.root, encoding: 'utf8' });
    const row = { profile: null, commit: null, address: 's[size=16].loss', stage: 's', size: 16, name: 'loss' };
    const number = { value: 2, standard_error: 1, n: 2, unit: 'nats', kind: 'estimate' };
    expect(JSON.parse(answer)).toEqual([
      { ...row, ...number },
      { ...row, ...number },
    ]);
  });

  const pip = ['python3', '/usr/bin/python3'].find((python) => has(python, 'pip, setuptools'));
  it.skipIf(pip === undefined)('pip installs it (needs python3-pip and python3-setuptools)', async () => {
    await using rig = await Rig.create({
      'kit/repro_stage.py': kit,
      'kit/pyproject.toml': readFileSync(new URL('../../python/pyproject.toml', import.meta.url), 'utf8'),
    });
    const words = ['-m', 'pip', 'install', '-q', '--no-build-isolation', '--no-index', '--no-deps', '--target'];
    execFileSync(pip!, [...words, join(rig.root, 'site'), join(rig.root, 'kit')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    rmSync(join(rig.root, 'kit'), { recursive: true });
    const version = execFileSync(pip!, ['-c', 'import repro_stage; print(repro_stage.__version__)'], {
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: join(rig.root, 'site') },
    });
    const { version: ours } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(version.trim()).toBe(ours);
  });
});
