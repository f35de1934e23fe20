// `repro gate [MANIFEST]`: the verdicts of a run; only PASS on every gate ends with 0.
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { junitXml } from '../manifest/gates/junit.ts';
import { selfTestGates } from '../manifest/gates/self-test.ts';
import { gateSummaryMarkdown } from '../manifest/gates/summary.ts';
import { gatesLeftOut } from '../manifest/gates/left-out.ts';
import { count } from '../manifest/text/number-text.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import type { Manifest } from '../schema/types.ts';
import { writeBeside } from '../store/atomic-write.ts';
import { nodeFileSystem } from '../store/file-system.ts';
import { gateLines, gateSummary, leftOutLines } from './view/gate-lines.ts';
import { printWarnings } from './view/error-text.ts';
import { loadPlan } from '../project/plan.ts';
import { paint, print, printJson } from './view/print.ts';
import { loadManifest } from '../project/named-manifest.ts';
import type { ProjectOptions } from '../project/places.ts';
import { readReferences } from '../project/references.ts';

export interface GateOptions extends ProjectOptions {
  readonly json?: boolean;
  readonly selfTest?: boolean;
  /** Path of a JUnit file to write. */
  readonly junit?: string;
  /** Path of a Markdown file to add to. */
  readonly summary?: string;
}

export async function gateVerb(options: GateOptions, name: string | undefined): Promise<ExitCode> {
  const { manifest } = await loadManifest(options, name ?? 'latest');
  if (options.selfTest) return selfTestVerb(options, manifest);
  const ids = manifest.stages.map(({ id }) => id);
  const passed = manifest.gates.every((gate) => gate.verdict === 'PASS');
  if (options.junit !== undefined) writeBeside(nodeFileSystem, path.resolve(options.junit), junitXml(manifest));
  const summary = options.summary ?? process.env['GITHUB_STEP_SUMMARY'];
  if (summary) await appendFile(summary, gateSummaryMarkdown(manifest));
  if (options.json)
    printJson({ run: manifest.run, passed, leftOut: gatesLeftOut(manifest.gates, ids), gates: manifest.gates });
  else if (manifest.gates.length === 0) print('This pipeline has no gates.');
  else {
    const { gates, run } = manifest;
    for (const line of [...gateLines(gates), '', gateSummary(gates), ...leftOutLines(gates, ids)]) print(line);
    if (run.outcome !== 'complete') print(`Run ${run.id} is ${run.outcome}: what it did not finish is not measured.`);
  }
  return passed ? exitCode.ok : exitCode.gate;
}

/** The gates as they are declared now, on the numbers of a run: each must fail when its numbers are altered. */
async function selfTestVerb(options: GateOptions, manifest: Manifest): Promise<ExitCode> {
  const { profile, overrides } = manifest.pipeline;
  const set = Object.entries(overrides).map(([parameter, value]) => `${parameter}=${JSON.stringify(value)}`);
  const { plan, warnings } = await loadPlan({ file: options.file, set, ...(profile !== null && { profile }) });
  printWarnings(warnings);
  const tested = selfTestGates(plan.gates, manifest.numbers, await readReferences(options, plan));
  if (options.json) printJson({ run: manifest.run.id, gates: tested });
  else {
    for (const { gate, canFail, trials, reason } of tested) {
      const outcome = canFail ? paint('green', 'can fail') : paint('red', 'cannot fail');
      print(`${outcome}  ${visibleText(gate)}${reason === undefined ? '' : `: ${visibleText(reason)}`}`);
      for (const { what, verdict } of trials) print(paint('dim', `    ${visibleText(what)}: ${verdict}`));
    }
    const able = tested.filter(({ canFail }) => canFail).length;
    print(tested.length === 0 ? 'This pipeline has no gates.' : `${count(tested.length, 'gate')}: ${able} can fail`);
  }
  return tested.every(({ canFail }) => canFail) ? exitCode.ok : exitCode.gate;
}
