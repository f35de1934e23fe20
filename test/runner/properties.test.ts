// Random plans of trivial stages, and faults at every call of a run.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Executor, Executors } from '../../src/runner/process/executor.ts';
import { openStore } from '../../src/store/store.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { faultyFileSystem } from '../rig/faults.ts';
import { Rig } from '../rig/rig.ts';

/** Runs stages in this process: each writes the digest of its assignment's params and of what its inputs hold. */
function inProcess(executed: string[]): Executors {
  const executor: Executor = {
    name: 'in-process',
    capacity: 'machine',
    run: async (job) => {
      const { readFileSync } = await import('node:fs');
      const assignment = JSON.parse(readFileSync(job.environment['REPRO_STAGE']!, 'utf8')) as {
        stage: string;
        params: { own?: Record<string, number> };
        inputs: Record<string, string>;
        outputs: { out: string };
      };
      executed.push(assignment.stage);
      const value = Object.values(assignment.params.own ?? {})[0] ?? 0;
      const inputs = Object.values(assignment.inputs).map((path) => readFileSync(path, 'utf8'));
      // Even values are as good as the next: a change that does not reach the output.
      writeFileSync(assignment.outputs.out, digestBytes(JSON.stringify([assignment.stage, value >> 1, inputs])));
      writeFileSync(job.log, '');
      return { end: { kind: 'exited', code: 0 }, facts: {} };
    },
  };
  return { of: () => executor, named: () => null };
}

interface Row {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Stages in topological order, each with a parameter of its own. */
const plans = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 8 }).map((rows) =>
  rows.map((picks, i): Row => ({
    name: `s${i}`,
    needs: i === 0 ? [] : [...new Set(picks.map((pick) => `s${pick % i}`))],
  })),
);

function pipelineText(rows: readonly Row[]): string {
  const stages = rows.map(({ name, needs }) => {
    const inputs = needs.map((other) => `${other}: ${other}.out`).join(', ');
    return `  ${name}: { run: ['true', ${name}], params: [own.${name}], inputs: { ${inputs} }, outputs: { out: out.txt } }`;
  });
  const own = rows.map(({ name }) => `${name}: 0`).join(', ');
  return `name: random\nparams: { own: { ${own} } }\nstages:\n${stages.join('\n')}\n`;
}

describe('random plans', () => {
  it('run once, nothing the second time, and after one change exactly what it reaches', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(), fc.integer({ min: 1, max: 3 }), async (rows, pick, value) => {
        await using rig = await Rig.create({ 'pipeline.yaml': pipelineText(rows) });
        const executed: string[] = [];
        const executors = inProcess(executed);
        await rig.run({ executors });
        expect(executed.splice(0).sort()).toEqual(rows.map(({ name }) => name).sort());
        expect((await rig.run({ executors })).outcome).toBe('complete');
        expect(executed).toEqual([]);

        const changed = rows[pick % rows.length]!.name;
        const { events } = await rig.run({ executors, overrides: { [`own.${changed}`]: value } });
        // 0 and 1 give the same output: then nothing below the changed stage runs.
        const reached = new Set([changed]);
        if (value >> 1 !== 0)
          for (const { name, needs } of rows) if (needs.some((other) => reached.has(other))) reached.add(name);
        expect(executed.splice(0).sort()).toEqual([...reached].sort());
        for (const event of events) {
          if (event.kind !== 'stage-started') continue;
          expect(event.reasons.length).toBeGreaterThan(0);
          if (event.stage === changed) expect(event.reasons).toEqual([`params own.${changed}: 0 -> ${value}`]);
        }
        await rig.run({ executors });
        expect(executed).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});

describe('a run whose n-th call to the file system fails', () => {
  it('never records a wrong result; the run after it succeeds with the right ones', async () => {
    const rows: Row[] = [{ name: 's0', needs: [] }];
    await using sound = await Rig.create({ 'pipeline.yaml': pipelineText(rows) });
    const right = await sound.run({ executors: inProcess([]) });
    const outputs = right.cells.map(({ record }) => record?.outputs['out']?.digest);
    let n = 0;
    for (let isFaulty = true; isFaulty;) {
      n++;
      await using rig = await Rig.create({ 'pipeline.yaml': pipelineText(rows) });
      const faulty = faultyFileSystem(n, n % 2 === 0 ? 'ENOSPC' : 'EIO');
      try {
        const { cells } = await rig.run({ executors: inProcess([]), store: openStore(rig.root, faulty.fileSystem) });
        for (const [i, { status, record }] of cells.entries()) {
          if (status === 'computed') expect(record?.outputs['out']?.digest).toBe(outputs[i]);
          else expect(['failed', 'blocked']).toContain(status);
        }
      } catch (error) {
        // Outside any stage, such as when the lock is taken.
        expect(error, `call ${n}`).toMatchObject({ message: expect.stringContaining('injected') as string });
      }
      isFaulty = faulty.failed() !== null;
      const healing = openStore(rig.root, faultyFileSystem(null, 'EIO').fileSystem);
      const { statuses, cells } = await rig.run({ executors: inProcess([]), store: healing });
      expect(
        statuses.every((status) => /computed|restored/.test(status)),
        `${n}: ${faulty.failed()}`,
      ).toBe(true);
      expect(cells.map(({ record }) => record?.outputs['out']?.digest)).toEqual(outputs);
      expect(rig.read(join('artifacts', 's0', 'out.txt'))).toBe(sound.read(join('artifacts', 's0', 'out.txt')));
    }
    expect(n).toBeGreaterThan(100);
  });
});
