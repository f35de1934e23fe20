// The project of docs/moving.md, by a reader who copies its files.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';

const page = readFileSync(new URL('../../docs/moving.md', import.meta.url), 'utf8');
const tools = ['python3', 'bash'].filter((name) => spawnSync(name, ['--version']).status !== 0);

test.skipIf(tools.length > 0)(
  'the project of docs/moving.md runs (needs python3 and bash)',
  async () => {
    const files = [...page.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([^]*?)^```$/gm)].map(([, name, text]) => [name!, text!]);
    expect(files).toHaveLength(7);
    await using rig = await Rig.create(Object.fromEntries(files) as Record<string, string>);
    const first = await rig.repro('run');
    expect(first.code, first.stdout + first.stderr).toBe(0);
    const { numbers, gates } = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
    const values = numbers.map(({ address, number }) => [address, Number(number.value.toFixed(9))]);
    expect(values).toEqual([
      ['train.lines', 2],
      ['check.size', 0.3],
    ]);
    expect(gates.map(({ verdict }) => verdict)).toEqual(['PASS']);

    rig.write('requirements.txt', 'numpy==2.1.1\n');
    const upgraded = (await rig.repro('status')).stdout;
    expect(upgraded).toMatch(/train +stale +code requirements\.txt changed/);
    expect(upgraded).toMatch(/prepare +current/);

    const failed = await rig.repro('run', '--set', 'train.rate=9');
    expect(failed.code, failed.stdout + failed.stderr).toBe(3);
  },
  180_000,
);
