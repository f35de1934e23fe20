// The plan that was kept against the one that is made: whatever moves, runs come to the same; and no other file is believed.
import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { SourceFile } from '../../src/pipeline/source.ts';
import { keptPlan, planOf } from '../../src/project/kept-plan.ts';
import { isKeptPlan } from '../../src/project/kept-plan-shape.ts';
import { openProject } from '../../src/project/project.ts';
import { readPlan } from '../../src/project/plan-cache.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { sealLine, unsealJson } from '../../src/store/sealed-json.ts';
import { planText } from '../pipeline/planning.ts';
import { everyFlip, everyTruncation } from '../rig/damage.ts';
import { Rig } from '../rig/rig.ts';
import { type Asked, runHere } from '../rig/run-here.ts';
import { goldenInputs } from '../support/golden.ts';

const files = {
  'pipeline.yaml': `name: kept
include: [more.yaml]
params: { n: 1, path: null, model: { small: { rate: 2 } } }
profiles: { two: { params: { n: 2 } } }
stages:
  zeta:
    run: [sh, -c, "echo \${n} > out.txt"]
    inputs: { raw: { file: raw.txt }, all: { dir: data }, none: { file: "\${path}", optional: true } }
    outputs: { out: out.txt }
  alpha:
    run: [sh, go.sh, "\${model.\${size}.rate}", "\${i}"]
    code: [go.sh]
    inputs: { z: zeta.out }
    matrix: { size: [small], i: [1, 2, 10] }
    outputs: { out: out.txt }
    numbers: n.json
gates:
  low: { number: alpha.n, max: 1 }
  level: { number: 'alpha[i=1].n', against: 0, margin: 1 }
`,
  'more.yaml': `stages:
  all: { run: [sh, go.sh, all], code: [go.sh], inputs: { every: { cells: 'alpha[*].out' } }, outputs: { out: out.txt }, numbers: n.json }
  again: { run: [sh, go.sh, again], code: [go.sh], inputs: { every: 'alpha[*].out' }, outputs: { out: out.txt }, numbers: n.json }
`,
  'go.sh': `echo "$@" > out.txt; echo '{"n": {"value": 1, "unit": "1", "kind": "exact"}}' > n.json\n`,
  'raw.txt': 'raw\n',
  'data/a.txt': 'a\n',
};
// A test needs replicates; without the second gate the file is valid.
const valid = { ...files, 'pipeline.yaml': files['pipeline.yaml'].replace(/ {2}level: .*\n/, '') };

const cachePath = (rig: Rig): string => join(rig.root, '.repro/cache/plan.json');
const forget = (rig: Rig): void => fs.rmSync(join(rig.root, '.repro/index.json'), { force: true });

const keptFor = (rig: Rig, { profile }: Asked = {}): ReturnType<typeof readPlan> => {
  const path = join(rig.root, 'pipeline.yaml');
  const source = new SourceFile(path, rig.read('pipeline.yaml'));
  return readPlan({ root: rig.root, source, profile: profile ?? null, overrides: {} }, (name) => {
    const file = join(rig.root, name);
    return fs.existsSync(file) ? new SourceFile(file, rig.read(name)) : { fault: 'gone' };
  });
};

/** Without names of runs, times and folders. */
const plain = (text: string, { root }: Rig): string =>
  text
    .replaceAll(root, '')
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{4}/g, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"seconds":[\d.e-]+/g, '"seconds":0');

/** Everything that a run says and leaves, and whether its plan was known. */
async function outcome(rig: Rig, asked: Asked): Promise<unknown> {
  forget(rig);
  const warnings: unknown[] = [];
  const project = await openProject(rig.root, { onWarning: (each) => warnings.push(each) });
  const planned = await project.plan(asked).then(
    ({ plan }) => plain(JSON.stringify(plan), rig),
    (error: unknown) => plain(JSON.stringify(error), rig),
  );
  if (planned.includes('"diagnostics"')) return { planned };
  const { code, events } = await runHere(rig, asked);
  const told = events.map((event) => plain(canonicalJson(event), rig)).sort();
  const manifest = code === 0 || code === 3 ? plain(rig.read('artifacts/manifest.json'), rig) : '';
  return { code, told, planned, manifest, warnings: plain(JSON.stringify(warnings), rig) };
}

const rewrite = (rig: Rig, path: string, from: string | RegExp, to: string): void =>
  rig.write(path, rig.read(path).replace(from, to));

/** What can happen between two runs; the last six leave a plan as it was. */
const changes: Record<string, (rig: Rig, pick: number) => void> = {
  'a comment above everything': (rig) => rewrite(rig, 'pipeline.yaml', /^/, '# more\n'),
  'another parameter': (rig, pick) => rewrite(rig, 'pipeline.yaml', /n: \d+, path/, `n: ${pick % 3}, path`),
  'a value more of an axis': (rig, pick) => rewrite(rig, 'pipeline.yaml', /10\]/, `10, ${pick + 20}]`),
  // It may be gone by then.
  'an included file': (rig, pick) =>
    rig.write('more.yaml', files['more.yaml'].replace(/go.sh, all\w*/, `go.sh, all${pick % 3}`)),
  'an included file that is gone': (rig) => fs.rmSync(join(rig.root, 'more.yaml'), { force: true }),
  'an included file that is back': (rig) => rig.write('more.yaml', files['more.yaml']),
  'a mistake': (rig) => rewrite(rig, 'pipeline.yaml', 'zeta.out', 'zeta.aut'),
  'no mistake': (rig) => rewrite(rig, 'pipeline.yaml', 'zeta.aut', 'zeta.out'),
  'the file written again': (rig) => rewrite(rig, 'pipeline.yaml', /$/, ''),
  'another file in its place': (rig) => {
    rig.write('other.yaml', rig.read('pipeline.yaml'));
    fs.renameSync(join(rig.root, 'other.yaml'), join(rig.root, 'pipeline.yaml'));
  },
  nothing: () => {},
  data: (rig, pick) => rig.write('raw.txt', `ra${pick % 3}\n`),
  'a file more': (rig, pick) => rig.write(`data/new${pick % 3}.txt`, ''),
  code: (rig, pick) => rewrite(rig, 'go.sh', /$/, `# ${pick}\n`),
  'a result lost': (rig) => fs.rmSync(join(rig.root, 'artifacts/zeta/out.txt'), { force: true }),
  'the caches of other things lost': (rig) => fs.rmSync(join(rig.root, '.repro/cache/stat.json'), { force: true }),
};
const names = Object.keys(changes);

describe('a run with the plan of an earlier one', () => {
  it('is the run that plans, whatever happened between', async () => {
    let hits = 0;
    const step = fc.tuple(
      fc.constantFrom(...names, ...names.slice(-6)),
      fc.nat(9),
      fc.constantFrom<Asked>({}, {}, {}, { profile: 'two' }, { set: ['n=5'] }, { stages: ['zeta'] }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), async (steps) => {
        await using kept = await Rig.create(valid);
        await using planned = await Rig.create(valid);
        for (const [name, pick, asked] of [['nothing', 0, {}] as const, ...steps]) {
          for (const rig of [kept, planned]) changes[name]!(rig, pick);
          fs.rmSync(cachePath(planned), { force: true });
          if (keptFor(kept, asked) !== null) hits += 1;
          expect(await outcome(kept, asked), name).toEqual(await outcome(planned, asked));
        }
      }),
      {
        numRuns: 4,
        examples: [
          [[['data', 1, {}]]],
          [
            [
              ['an included file that is gone', 0, {}],
              ['an included file', 0, {}],
            ],
          ],
        ],
      },
    );
    expect(hits).toBeGreaterThan(0);
  });

  it.each(names.slice(0, -6).filter((name) => name !== 'an included file that is back' && name !== 'no mistake'))(
    'does not believe it after %s',
    async (name) => {
      await using rig = await Rig.create(valid);
      await runHere(rig, {});
      expect(keptFor(rig)).not.toBeNull();
      changes[name]!(rig, 2);
      expect(keptFor(rig)).toBeNull();
    },
  );

  it.each(names.slice(-6))('believes it after %s', async (name) => {
    await using rig = await Rig.create(valid);
    await runHere(rig, {});
    changes[name]!(rig, 2);
    expect(keptFor(rig)).not.toBeNull();
    expect(keptFor(rig, { profile: 'two' })).toBeNull();
  });

  it('does not believe one that is cut short, has a flipped bit, is of another version, or no file', async () => {
    await using rig = await Rig.create(valid);
    await runHere(rig, {});
    const bytes = fs.readFileSync(cachePath(rig));
    for (const damaged of [...everyTruncation(bytes, 97), ...everyFlip(bytes, 97)]) {
      fs.writeFileSync(cachePath(rig), damaged);
      expect(keptFor(rig)).toBeNull();
    }
    fs.writeFileSync(cachePath(rig), sealLine(String(bytes).split('\n')[0]!.replace('repro.plan/1', 'repro.plan/2')));
    expect(keptFor(rig)).toBeNull();
    fs.rmSync(cachePath(rig));
    fs.mkdirSync(cachePath(rig));
    expect(keptFor(rig)).toBeNull();
    forget(rig);
    expect((await runHere(rig, {})).code).toBe(0);
    expect(keptFor(rig)).not.toBeNull();
  });

  it('as a process: reads the plan of a run, not that of a `.repro` from elsewhere, and warns the same', async () => {
    await using rig = await Rig.create(valid);
    const first = await rig.repro('run');
    expect(first.stderr).toContain('missing-code');
    rig.write('raw.txt', 'other\n');
    const second = await rig.repro('run');
    expect(second.code).toBe(0);
    const warning = (text: string): string => text.slice(text.indexOf('pipeline.yaml:'), text.indexOf('hint: '));
    expect(warning(second.stderr)).toBe(warning(first.stderr));
    // Whoever can write a plan can seal it. It names another program, for the very text that is here.
    await using victim = await Rig.create(valid);
    fs.cpSync(join(rig.root, '.repro'), join(victim.root, '.repro'), { recursive: true, preserveTimestamps: true });
    const [line] = String(fs.readFileSync(cachePath(victim))).split('\n');
    fs.writeFileSync(cachePath(victim), sealLine(line!.replaceAll('"sh"', '"/hostile"')));
    const { code, stdout, stderr } = await victim.repro('run');
    expect(code, stdout + stderr).toBe(0);
    expect(String(fs.readFileSync(cachePath(victim)))).not.toContain('hostile');
  });
});

describe('a plan as JSON', () => {
  const written = goldenInputs('plan', '.yaml').map((path) => [basename(path, '.yaml'), path] as const);

  test.each(written)('comes back as it was: %s', (_name, path) => {
    const result = planText(fs.readFileSync(path, 'utf8'));
    if (!('plan' in result)) throw new Error('It has a plan');
    const { plan, warnings, included } = result;
    const sources = [plan.cells.find(({ at }) => at.file.path === 'pipeline.yaml')!.at.file, ...included.map(({ source }) => source)]; // prettier-ignore
    const json: unknown = JSON.parse(JSON.stringify(keptPlan({ plan, warnings }, sources)));
    if (!isKeptPlan(json)) throw new Error('It is kept in another shape');
    const again = planOf(json, sources, plan);
    expect(again).toEqual({ plan, warnings });
    // To the order of names, which is part of what `plan --json` prints.
    expect(JSON.stringify(again)).toBe(JSON.stringify({ plan, warnings }));
  });

  it('is refused or a plan, whatever stands where a number was', () => {
    const { plan, warnings, included } = planText(fs.readFileSync(goldenInputs('plan', 'experiment.yaml')[0]!, 'utf8')) as Extract<ReturnType<typeof planText>, { plan: unknown }>; // prettier-ignore
    const sources = [plan.cells[0]!.at.file, ...included.map(({ source }) => source)];
    const text = JSON.stringify(keptPlan({ plan, warnings }, sources));
    const places = [...text.matchAll(/(?<=[[,:])\d+(?=[\],}])/g)];
    fc.assert(
      fc.property(
        fc.nat(places.length - 1),
        fc.constantFrom('-1', '0.5', '99999999', 'null', '"x"', '[]'),
        (n, value) => {
          const { index, 0: old } = places[n]!;
          const json: unknown = JSON.parse(text.slice(0, index) + value + text.slice(index + old.length));
          if (!isKeptPlan(json)) return;
          const again = planOf(json, sources, plan);
          if (again === null) return;
          const ids = new Set(again.plan.cells.map(({ id }) => id));
          for (const { at, dependsOn } of again.plan.cells) {
            expect(at.span.end).toBeLessThanOrEqual(at.file.text.length);
            expect(dependsOn.every((id) => ids.has(id))).toBe(true);
          }
        },
      ),
    );
  });
});

it('keeps the order of names, and lists that many read only once', async () => {
  await using rig = await Rig.create(valid);
  await runHere(rig, {});
  const { plan } = unsealJson(rig.read('.repro/cache/plan.json')) as { plan: { lists: unknown[] } };
  expect(plan.lists).toHaveLength(2);
  expect(keptFor(rig)!.plan.cells.map(({ id }) => id)).toEqual([
    'zeta',
    ...[1, 2, 10].map((i) => `alpha[size=small,i=${i}]`),
    'all',
    'again',
  ]);
});
