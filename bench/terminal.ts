// `npm run bench terminal`: what a run of 200 known cells takes in a terminal beside the same in a pipe. Rounds of both
// take turns. Each looks at everything: the pipeline file has another comment.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './machine.ts';
import { median, medianRatio } from './ratio.ts';

const command = fileURLToPath(new URL('../bin/repro.js', import.meta.url));

const pipeline = `name: terminal
stages:
  cell: { run: [sh, -c, 'echo 1 > o.txt'], code: [], matrix: { replicate: 200 }, outputs: { o: o.txt } }
`;

/** Prints medians and their ratio with its 95% interval; keeps nothing. The terminal is one of `script`. */
export function benchTerminal(rounds: number): void {
  const root = mkdtempSync(path.join(tmpdir(), 'repro-terminal-'));
  try {
    writeFileSync(path.join(root, 'pipeline.yaml'), pipeline);
    seconds(root, process.execPath, [command, 'run']);
    const terminal: number[] = [];
    const pipe: number[] = [];
    for (let round = 0; round < rounds; round++) {
      terminal.push(seconds(root, 'script', ['-qec', `stty cols 140 rows 40; '${process.execPath}' '${command}' run`]));
      pipe.push(seconds(root, process.execPath, [command, 'run']));
    }
    const { ratio, interval } = medianRatio(terminal, pipe);
    const [from, to] = interval.map((bound) => bound.toFixed(2));
    console.log(
      `200 known cells: ${median(terminal).toFixed(2)} s in a terminal, ${median(pipe).toFixed(2)} s in a pipe; load ${load()}`,
    );
    console.log(`  ratio ${ratio.toFixed(2)} (${from}-${to}), ${rounds} rounds`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function seconds(root: string, program: string, words: readonly string[]): number {
  appendFileSync(path.join(root, 'pipeline.yaml'), '# another\n');
  const { NO_COLOR: _, ...env } = process.env;
  const from = performance.now();
  const { status, stdout } = spawnSync(program, words, {
    cwd: root,
    env: { ...env, TERM: 'xterm' },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${program} failed: ${stdout.slice(-500)}`);
  return (performance.now() - from) / 1000;
}
