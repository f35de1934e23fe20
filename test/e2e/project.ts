// A small project in a temporary folder and the real command run in it, as a user would.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/repro.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Project implements Disposable {
  readonly root: string;
  readonly #running = new Set<ChildProcess>();

  /** Creates the files, by relative path. */
  constructor(files: Readonly<Record<string, string>>) {
    this.root = mkdtempSync(path.join(tmpdir(), 'repro-e2e-'));
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
    writeFileSync(path.join(this.root, file), text);
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), 'utf8');
  }

  /** Starts `repro` with an environment that says nothing of the machine; `onText` sees output as it comes. */
  start(words: readonly string[], onText: (text: string, child: ChildProcess) => void = () => {}): Promise<Finished> {
    const child = spawn(process.execPath, [bin, ...words], {
      cwd: this.root,
      env: { PATH: process.env.PATH, HOME: this.root, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
        onText(output[name], child);
      });
    }
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        this.#running.delete(child);
        resolve({ code, ...output });
      });
    });
  }

  /** Runs `repro` to its end. */
  repro(...words: string[]): Promise<Finished> {
    return this.start(words);
  }

  [Symbol.dispose](): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }
}

/**
 * Text with what differs from run to run replaced by the same width: run ids, times, durations, digests, seeds.
 * Rates are left out, and results that are restored side by side are put in order.
 */
export function normalized(text: string, root: string): string {
  return text
    .replaceAll(root, '$PROJECT')
    .replace(/\d{8}T\d{6}Z-[0-9a-f]{4}/g, '00000000T000000Z-0000')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '0000-00-00T00:00:00.000Z')
    .replace(/\b\d+(\.\d)? s\b/g, '0.0 s')
    .replace(/\bseed \d+/g, 'seed 0')
    .replace(/sha256:[0-9a-f]{64}/g, `sha256:${'0'.repeat(64)}`)
    .replace(/work\/[0-9a-f]{16}/g, `work/${'0'.repeat(16)}`)
    .replace(/, [\d.]+ steps\/s(, 0\.0 s left)?/g, '')
    .replace(/(?:^.*: restored, .*\n)+/gm, (lines) => `${lines.trimEnd().split('\n').sort().join('\n')}\n`);
}
