// `repro log STAGE [MANIFEST]`: what a stage printed, control codes spelt out; of one that runs, with `--follow`, as it prints.
import { promises as fs } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type ExitCode, exitCode } from '../error.ts';
import { type StageLog, stageLog } from '../project/log.ts';
import { errnoOf } from '../store/file-system.ts';
import { LineSplitter } from '../runner/process/line-splitter.ts';
import { open } from './open.ts';
import type { LogOptions } from './options.ts';
import { complain, print, printJson } from './view/print.ts';

/** Milliseconds between two looks at a log that is followed. */
const pause = 200;

export async function logVerb(options: LogOptions, id: string, name: string | undefined): Promise<ExitCode> {
  const { root } = open(options);
  const log = await stageLog(root, id, name);
  if (log.kind === 'working')
    return options.json ? printLines(id, log, await read(log)) : follow(root, id, log, options);
  if (options.json) return printLines(id, log, log.bytes);
  printText(log.bytes);
  return exitCode.ok;
}

function printLines(id: string, log: StageLog, bytes: Uint8Array): ExitCode {
  const text = Buffer.from(bytes).toString('utf8');
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  printJson({ stage: id, ...(log.kind === 'kept' ? { run: log.run } : { running: log.isRunning() }), lines });
  return exitCode.ok;
}

const read = (log: Extract<StageLog, { kind: 'working' }>): Promise<Buffer> => fs.readFile(log.file);

function printText(bytes: Uint8Array): void {
  const lines = new LineSplitter((line) => print(line.toString('utf8')));
  lines.write(Buffer.from(bytes));
  lines.end();
}

/** Prints what there is; followed, also what comes, to the end of the execution. */
async function follow(
  root: string,
  id: string,
  log: Extract<StageLog, { kind: 'working' }>,
  { follow: isFollowed }: LogOptions,
): Promise<ExitCode> {
  const lines = new LineSplitter((line) => print(line.toString('utf8')));
  // Opened once: of a stage that ends well the directory is gone before its run has a manifest, and this can still be read.
  const file = await fs.open(log.file).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) {
    const kept = await stageLog(root, id);
    if (kept.kind === 'kept') lines.write(kept.bytes);
  }
  for (let [isLast, offset] = [file === null, 0]; file !== null && !isLast;) {
    // Asked first: what is written between the two is read.
    isLast = !log.isRunning() || !isFollowed;
    const bytes = await readFrom(file, offset);
    offset += bytes.length;
    lines.write(bytes);
    if (!isLast) await delay(pause);
  }
  await file?.close();
  lines.end();
  if (log.isRunning()) complain(`(${id} is still running: repro log ${id} --follow)`);
  return exitCode.ok;
}

/** What a file has beyond an offset. */
async function readFrom(file: FileHandle, offset: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, (await file.stat()).size - offset));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
  return bytes.subarray(0, bytesRead);
}
