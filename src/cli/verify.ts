// `repro verify [MANIFEST]`: re-hash what a manifest names, execute some of its stages again, and write down what was found.
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { verificationReport } from '../manifest/verification/report.ts';
import type { NamedManifest } from '../project/named-manifest.ts';
import type { Project } from '../project/project.ts';
import type { Recomputed, VerifiedRun } from '../project/verify.ts';
import { readEnvironment } from '../runner/environment.ts';
import { systemClock } from '../runner/process/clock.ts';
import type { Manifest } from '../schema/types.ts';
import { writeBeside } from '../store/atomic-write.ts';
import { nodeFileSystem } from '../store/file-system.ts';
import { interruptible } from './interrupt.ts';
import { open } from './open.ts';
import type { VerifyOptions } from './options.ts';
import { commandText, shellWord } from './view/command-text.ts';
import { print, printJson } from './view/print.ts';
import { progressLines } from './view/progress-lines.ts';
import { verificationLines } from './view/verification-lines.ts';

export async function verifyVerb(options: VerifyOptions, name = 'latest'): Promise<ExitCode> {
  const project = open(options);
  const named = await project.manifest(name);
  const again = options.recompute === undefined ? null : await recompute(project, named, options.recompute, options);
  // After the stages: what they make is in the store then, in a checkout that had only the manifest.
  const verified = await project.verify(named, { ...options, mayLack: again !== null });
  const { manifest, verification } = verified;
  const { checked, problems } = verification;
  if (options.output !== undefined) {
    writeBeside(nodeFileSystem, path.resolve(options.output), reportText(verified, name, again, options));
  }
  if (options.json)
    printJson({
      run: manifest.run.id,
      checked,
      problems,
      ...(again && { seed: again.seed, recomputed: again.stages }),
    });
  else {
    for (const line of verificationLines(verified, again)) print(line);
    if (options.output !== undefined) print(`report    ${options.output}`);
  }
  const verdicts = (again?.stages ?? []).map(({ verdict }) => verdict);
  if (problems.length > 0 || verdicts.includes('unstable')) return exitCode.mismatch;
  return verdicts.includes('not-recomputed') ? exitCode.failed : exitCode.ok;
}

async function recompute(
  project: Project,
  named: NamedManifest,
  count: number,
  { json, seed, cpus }: VerifyOptions,
): Promise<Recomputed> {
  const emit = json ? () => {} : progressLines(systemClock, print);
  return interruptible(project.root, emit, (watched) =>
    project.recompute(named, {
      ...watched,
      count,
      ...(seed !== undefined && { seed }),
      ...(cpus !== undefined && { cpus }),
      onChosen: (stages, chosenBy) => {
        if (!json) print(`Executing again ${stages.join(', ')} (--seed ${chosenBy})`);
      },
    }),
  );
}

/** The Markdown of an artifact evaluation. */
function reportText(
  { manifest, path: shown, verification }: VerifiedRun,
  name: string,
  again: Recomputed | null,
  options: VerifyOptions,
): string {
  const command = ['npx repro verify', shellWord(name)];
  if (again) command.push(`--recompute ${options.recompute} --seed ${again.seed}`);
  return verificationReport({
    manifest,
    path: shown,
    environment: readEnvironment(),
    verifiedAt: systemClock.now(),
    commands: [...checkout(manifest), 'npm ci', commandText('run', manifest.pipeline), command.join(' ')],
    verification,
    recomputed: again?.stages ?? [],
  });
}

function checkout({ git }: Manifest): string[] {
  if (git === null) return [];
  const isCommit = /^[0-9a-f]{7,64}$/.test(git.commit);
  return [isCommit ? `git checkout ${git.commit}` : '# The manifest names no commit that could be checked out.'];
}
