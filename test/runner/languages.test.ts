// The stage protocol from other languages: the examples of docs/stage-protocol.md as they stand there, and how such
// stages fail.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Rig } from '../rig/rig.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** The fenced blocks of a page that begin with a language, in order. */
function blocks(language: string): string[] {
  const page = readFileSync(new URL('../../docs/stage-protocol.md', import.meta.url), 'utf8');
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]!);
}

const pipelineNamed = (name: string): string => blocks('yaml').find((text) => text.includes(`name: ${name}`))!;

describe.skipIf(!hasPython)('Python (needs python3)', () => {
  const files = {
    'pipeline.yaml': pipelineNamed('python-example'),
    'train.py': blocks('python').find((text) => text.includes('REPRO_STAGE'))!,
  };
  const python = (body: string, more = ''): Promise<Rig> =>
    Rig.create({
      'pipeline.yaml': `name: test
stages: { s: { run: [python3, s.py], code: [s.py, 'lib/*.py'], outputs: { out: out.txt }, numbers: n.json${more} } }
`,
      's.py': `import json, os, sys\nstage = json.load(open(os.environ["REPRO_STAGE"]))\n${body}\n`,
      'lib/part.py': 'name = "part"\n',
    });

  it('runs the example of the documentation', async () => {
    await using rig = await Rig.create(files);
    const run = await rig.run();
    expect(run.outcome, JSON.stringify(run.cells[0]?.failure)).toBe('complete');
    const progress = run.events.flatMap((event) => (event.kind === 'stage-progress' ? [event.progress] : []));
    expect(progress).toHaveLength(40);
    expect(progress.at(-1)).toMatchObject({ step: 40, total: 40 });
    expect(run.cells[0]?.record?.numbers['error']).toMatchObject({ unit: '1', kind: 'exact', better: 'lower' });
    expect((await rig.run()).statuses).toEqual(['train restored']);
  });

  it('goes on from its checkpoint after a kill, and comes to the same bytes', async () => {
    await using rig = await Rig.create(files);
    await using whole = await Rig.create(files);
    // Killed once, after 17 steps, by a hand from outside the stage's code: a child process would be in the fingerprint.
    let killed = 0;
    const first = await rig.run({
      emit: (event) => {
        if (event.kind !== 'stage-progress' || event.progress.step < 17 || killed > 0) return;
        const work = rig.list('.repro/work').find((path) => path.endsWith('process.json'))!;
        killed = (JSON.parse(rig.read(`.repro/work/${work}`)) as { pid: number }).pid;
        process.kill(-killed, 'SIGKILL');
      },
    });
    const second = await rig.run();
    expect(first.cells[0]?.failure).toMatchObject({ code: 'killed' });
    expect(second.outcome).toBe('complete');
    const resumed = second.events.flatMap((event) => (event.kind === 'stage-progress' ? [event.progress.step] : []));
    expect(resumed[0] ?? 41).toBeGreaterThan(17);
    await whole.run();
    expect(rig.read('artifacts/train/model.json')).toBe(whole.read('artifacts/train/model.json'));
  });

  it('imports its declared code, and sees the documented surroundings and nothing else', async () => {
    process.env['REPRO_TEST_SECRET'] = 'x';
    await using rig = await python(
      `sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib.part import name
hidden = [k for k in os.environ if k not in ("PATH", "HOME", "TMPDIR", "LANG", "TZ", "REPRO_STAGE", "LC_CTYPE")
          and not k.endswith("_NUM_THREADS") and "PYENV" not in k]
assert sys.stdin.read() == ""
open(stage["outputs"]["out"], "w").write(json.dumps([name, hidden, os.environ["OMP_NUM_THREADS"], stage["threads"],
  stage["seed"] < 2**48, os.listdir("."), os.listdir(os.environ["TMPDIR"])]))
json.dump({}, open(stage["numbers"], "w"))`,
      ', resources: { cpus: 3 }',
    );
    const run = await rig.run({ cpus: 4 });
    delete process.env['REPRO_TEST_SECRET'];
    expect(run.outcome, JSON.stringify(run.cells[0]?.failure)).toBe('complete');
    const [name, hidden, omp, threads, isSmall, listed, temporary] = JSON.parse(rig.read('artifacts/s/out.txt')) as [
      string,
      string[],
      string,
      number,
      boolean,
      string[],
      string[],
    ];
    expect({ name, omp, threads, isSmall, temporary }).toEqual({
      name: 'part',
      omp: '3',
      threads: 3,
      isSmall: true,
      temporary: [],
    });
    expect(hidden.filter((key) => key !== '_' && key !== 'PWD' && key !== 'SHLVL' && key !== 'OLDPWD')).toEqual([]);
    expect(listed.filter((entry) => entry !== 'out.txt').sort()).toEqual(['scratch', 'stage.json', 'tmp']);
  });

  it.each<[string, string, string, RegExp]>([
    ['an exception', 'raise ValueError("bad")', 'exit-code', /exit code 1/],
    ['a missing output', 'json.dump({}, open(stage["numbers"], "w"))', 'missing-output', /out\.txt/],
    [
      'a NaN',
      'open("out.txt", "w"); json.dump({"loss": {"value": float("nan"), "unit": "1", "kind": "exact"}}, open(stage["numbers"], "w"))',
      'bad-numbers',
      /number "loss" is NaN/,
    ],
    [
      'a file nobody declared',
      'open("out.txt", "w"); open("n.json", "w").write("{}"); open("x", "w")',
      'unexpected-output',
      /"x"/,
    ],
    [
      'a link as output',
      'os.symlink("/etc/passwd", "out.txt"); open("n.json", "w").write("{}")',
      'bad-output',
      /symbolic link/,
    ],
    ['its own signal', 'os.kill(os.getpid(), 15)', 'killed', /SIGTERM/],
  ])('fails by name on %s', async (_, body, code, message) => {
    await using rig = await python(body);
    const run = await rig.run();
    expect(run.cells[0]?.failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(rig.list('.repro/records')).toEqual([]);
    expect(rig.has('artifacts/s')).toBe(false);
  });
});

describe('shell', () => {
  it('runs the example of the documentation', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': pipelineNamed('shell-example'),
      'count.sh': blocks('sh')[0]!,
      'words.txt': 'the cat and the hat\n',
    });
    const run = await rig.run();
    expect(run.outcome, JSON.stringify(run.cells[0]?.failure)).toBe('complete');
    expect(run.cells[0]?.record?.numbers['words']?.value).toBe(5);
    expect(rig.read('artifacts/count/counts.txt')).toMatch(/2 the/);
  });

  it('keeps in the log what only looks like progress', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages: { s: { run: [sh, -c, 'echo "::repro progress {bad"; echo "::repro progress {\\"step\\": 1, \\"total\\": 2}"; echo plain; exit 1'] } }
`,
    });
    const run = await rig.run();
    expect(rig.read(run.cells[0]!.failure!.log!)).toBe('::repro progress {bad\nplain\n');
    expect(run.events.filter(({ kind }) => kind === 'stage-progress')).toHaveLength(1);
  });
});
