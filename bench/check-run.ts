// Measures for `npm run bench -- --check`, in processes and folders of their own: what is kept stays as it is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bestOf, type Compared, pairs, type Ratio, readRatios, type Subject, worseRatios } from './check.ts';
import { resultsFile } from './machine.ts';

export interface Checked {
  readonly compared: number;
  readonly worse: readonly Compared[];
  /** What is kept and was not measured. */
  readonly unmeasured: readonly Ratio[];
}

/**
 * Compares what is measured with what is kept. What seems worse is measured once more, and is worse if it is so twice.
 * @param words Options of the measuring
 * @param folder Results that are measured already, instead
 */
export async function checkRatios(
  subjects: readonly Subject[],
  words: readonly string[],
  folder?: string,
): Promise<Checked> {
  const read = (results: string): Ratio[] => subjects.flatMap((subject) => readRatios(results, subject));
  const kept = read(dirname(resultsFile('any')));
  let measured: readonly Ratio[] = folder === undefined ? [] : read(folder);
  if (folder === undefined) {
    for (const subject of subjects.filter((each) => kept.some(({ subject: of }) => of === each))) {
      measured = [...measured, ...(await measure(subject, words))];
    }
    for (const subject of subjects) {
      const again = worseRatios(kept, measured).filter(({ kept: { subject: of } }) => of === subject);
      const cases = [...new Set(again.map((each) => each.kept.case))];
      if (cases.length === 0) continue;
      console.log(`\nOnce more, since it seems worse: ${cases.join(', ')}\n`);
      const only = cases.flatMap((name) => ['--only', name]);
      measured = bestOf(measured, await measure(subject, [...words, ...only]));
    }
  }
  const compared = pairs(kept, measured);
  const met = new Set(compared.map((each) => each.kept));
  return {
    compared: compared.length,
    worse: worseRatios(kept, measured),
    unmeasured: kept.filter((ratio) => !met.has(ratio)),
  };
}

async function measure(subject: Subject, words: readonly string[]): Promise<Ratio[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-check-'));
  try {
    const program = [...process.execArgv, process.argv[1]!, subject, ...words];
    const child = spawn(process.execPath, program, {
      stdio: 'inherit',
      env: { ...process.env, BENCH_RESULTS: folder },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`The bench of "${subject}" ended with ${code ?? 'a signal'}`);
    return readRatios(folder, subject);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
