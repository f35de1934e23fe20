// `repro verify [MANIFEST]`: re-hash what a manifest names.
import { type ExitCode, exitCode } from '../error.ts';
import { verifyManifest } from '../manifest/verify.ts';
import { count } from '../manifest/number-text.ts';
import { visibleText } from '../manifest/visible-text.ts';
import { openStore } from '../store/store.ts';
import { paint, print, printJson } from './print.ts';
import { loadManifest, projectRoot, type ProjectOptions } from './project.ts';

export async function verifyVerb(
  options: ProjectOptions & { readonly json?: boolean },
  name: string | undefined,
): Promise<ExitCode> {
  const [{ manifest, path }, latest] = await Promise.all([
    loadManifest(options, name ?? 'latest'),
    loadManifest(options, 'latest').catch(() => null),
  ]);
  const store = openStore(projectRoot(options));
  const published = latest?.manifest.run.id === manifest.run.id;
  const { checked, problems } = await verifyManifest(manifest, store, { published });
  if (options.json) printJson({ run: manifest.run.id, checked, problems });
  else {
    for (const problem of problems) {
      print(`${paint('red', problem.kind)} ${visibleText(problem.stage)}: ${visibleText(problem.message)}`);
    }
    print(`${path}: ${count(checked, 'artifact')} hashed, ${count(problems.length, 'problem')}`);
    if (!published) print('Published artifacts were not checked: they belong to a later run.');
    if (problems.some((problem) => problem.kind !== 'inconsistent')) {
      print('  hint: repro run computes again what is damaged or missing, and publishes it');
    }
  }
  return problems.length === 0 ? exitCode.ok : exitCode.mismatch;
}
