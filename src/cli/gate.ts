// `repro gate [MANIFEST]`: the verdicts of a run; only PASS on every gate ends with 0.
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { junitXml } from '../manifest/gates/junit.ts';
import { gateSummaryMarkdown } from '../manifest/gates/summary.ts';
import { writeBeside } from '../store/atomic-write.ts';
import { nodeFileSystem } from '../store/file-system.ts';
import { open } from './open.ts';
import type { GateOptions } from './options.ts';
import { gateTrialLines, gateVerdictLines } from './view/gate-lines.ts';
import { print, printJson } from './view/print.ts';

export async function gateVerb(options: GateOptions, name: string | undefined): Promise<ExitCode> {
  const project = open(options);
  if (options.selfTest) {
    const { manifest, gates } = await project.testGates(name, options);
    const passed = gates.every(({ canFail }) => canFail);
    if (options.json) printJson({ run: manifest.run, passed, gates });
    else for (const line of gateTrialLines(gates)) print(line);
    return passed ? exitCode.ok : exitCode.gate;
  }
  const { manifest, gates, hasPassed, leftOut } = await project.gate(name, options);
  if (options.junit !== undefined) writeBeside(nodeFileSystem, path.resolve(options.junit), junitXml(manifest));
  const summary = options.summary ?? process.env['GITHUB_STEP_SUMMARY'];
  if (summary) await appendFile(summary, gateSummaryMarkdown(manifest));
  if (options.json) printJson({ run: manifest.run, passed: hasPassed, leftOut, gates });
  else for (const line of gateVerdictLines(manifest)) print(line);
  return hasPassed ? exitCode.ok : exitCode.gate;
}
