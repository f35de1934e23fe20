// `.repro/cache/plan.json`: the plan that the last run made, kept by everything that it was made of. A cache: whatever is odd
// about it, the pipeline file is planned again.
//
// A plan says which programs run. So it is only believed beside the very file that it was made from, known by inode and
// change time: a `.repro` that comes from elsewhere cannot bring one along.
import * as fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Included, ReadIncluded } from '../pipeline/include.ts';
import type { Plan } from '../pipeline/plan.ts';
import type { SourceFile } from '../pipeline/source.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes, type Digest } from '../store/digest.ts';
import { sealLine, unsealJson } from '../store/sealed-json.ts';
import { isListOf, isObjectWith, isSha256, isText, isTuple } from '../store/shape.ts';
import { statKey } from '../store/stat-cache.ts';
import type { Store } from '../store/store.ts';
import { type KeptPlan, keptPlan, type Planned, planOf } from './kept-plan.ts';
import { isKeptPlan } from './kept-plan-shape.ts';

const format = 'repro.plan/1';

/** What a plan is made of, beside the files that it includes. */
export interface PlanQuestion {
  readonly root: string;
  readonly source: SourceFile;
  readonly profile: string | null;
  readonly overrides: Plan['overrides'];
}

export interface PlannedFiles extends Planned {
  readonly included: readonly Included[];
}

interface PlanCache {
  readonly format: string;
  readonly question: Digest;
  /** Paths and digests of the files that are included. */
  readonly included: readonly (readonly [path: string, digest: string])[];
  readonly plan: KeptPlan;
}

const isPlanCache = isObjectWith<PlanCache>({
  format: isText,
  question: isSha256,
  included: isListOf(isTuple<readonly [string, string]>(isText, isSha256)),
  plan: isKeptPlan,
});

/** The plan that was kept for just this; null where there is none. */
export function readPlan(question: PlanQuestion, read: ReadIncluded): PlannedFiles | null {
  try {
    const file = cachePath(question.root);
    // Reading a pipe would wait for ever.
    if (!fs.statSync(file).isFile()) return null;
    const cache = unsealJson(fs.readFileSync(file, 'utf8'));
    if (!isPlanCache(cache) || cache.format !== format || cache.question !== digestQuestion(question)) return null;
    const included: Included[] = [];
    for (const [name, digest] of cache.included) {
      const source = read(name);
      if ('fault' in source || digestBytes(source.text) !== digest) return null;
      included.push({ path: name, source });
    }
    const { source, overrides } = question;
    const planned = planOf(cache.plan, [source, ...included.map((each) => each.source)], {
      file: source.path,
      overrides,
    });
    return planned && { ...planned, included };
  } catch {
    return null; // Absent, unreadable, or of a file that is gone by now.
  }
}

/** Keeps a plan. Only for the holder of the lock. */
export function writePlan(question: PlanQuestion, { plan, warnings, included }: PlannedFiles, { files }: Store): void {
  const kept = keptPlan({ plan, warnings }, [question.source, ...included.map(({ source }) => source)]);
  if (kept === null) return;
  try {
    const cache: PlanCache = {
      format,
      question: digestQuestion(question),
      included: included.map(({ path: name, source }) => [name, digestBytes(source.text)] as const),
      plan: kept,
    };
    // Not in canonical JSON, which sorts: names in a plan are in the order of the file.
    files.write(cachePath(question.root), sealLine(JSON.stringify(cache)));
  } catch {
    // On a full disk the next run plans again.
  }
}

function cachePath(root: string): string {
  return path.join(root, '.repro', 'cache', 'plan.json');
}

function digestQuestion({ source, profile, overrides }: PlanQuestion): Digest {
  const keyOf = (file: string): string => statKey(fs.statSync(file, { bigint: true }));
  const program = fileURLToPath(import.meta.url);
  return digestBytes(
    canonicalJson({
      // Another version of this program may plan otherwise.
      program: [program, keyOf(program)],
      file: [source.path, keyOf(source.path), digestBytes(source.text)],
      profile,
      // As a list: of settings of one parameter the last counts.
      overrides: Object.entries(overrides),
    }),
  );
}
