// What was verified of a manifest, as Markdown for the appendix of an artifact evaluation.
import { bytesText } from '../../pipeline/memory.ts';
import type { Environment, Manifest, ReportedNumber } from '../../schema/types.ts';
import { auditClassText } from './audit-text.ts';
import { joinMarkdown, asMarkdown, markdownCode, markdownCommands, markdownTable } from '../text/markdown-text.ts';
import type { Markdown, MarkdownContent } from '../text/markdown-text.ts';
import { count, durationText, quantityText, valueText } from '../text/number-text.ts';
import type { Recomputation } from './recomputation.ts';
import type { Verification } from './verify.ts';

export interface VerifiedManifest {
  readonly manifest: Manifest;
  readonly path: string;
  /** Of the machine that verified. */
  readonly environment: Environment;
  readonly verifiedAt: string;
  /** What a shell is given to do it again, a line each. */
  readonly commands: readonly string[];
  readonly verification: Verification;
  readonly recomputed: readonly Recomputation[];
}

const verdictText = { ...auditClassText, unstable: 'DIFFERENT', 'not-recomputed': 'not executed again' };

export function verificationReport(verified: VerifiedManifest): string {
  const { manifest, verification, recomputed } = verified;
  const parts = [
    asMarkdown`# Verification of run ${manifest.run.id}`,
    ...summary(verified),
    asMarkdown`## What was verified`,
    markdownTable(['', ''], facts(verified)),
    asMarkdown`## Environment`,
    markdownTable(['', 'reported', 'verified on'], environments(manifest.environment, verified.environment)),
    asMarkdown`## Commands`,
    markdownCommands(verified.commands),
    ...(recomputed.length === 0 ? [] : recomputations(recomputed)),
    asMarkdown`## Gates`,
    manifest.gates.length === 0
      ? asMarkdown`The pipeline has none.`
      : markdownTable(
          ['gate', 'number', 'verdict'],
          manifest.gates.map(({ name, number, verdict }) => [name, markdownCode(number), verdict]),
        ),
    asMarkdown`## Digests`,
    asMarkdown`${count(verification.checked - verification.absent, 'artifact')} hashed again with SHA-256.`,
    markdownTable(
      ['stage', 'artifact', 'digest', 'verdict'],
      verification.artifacts.map(({ stage, name, digest, verdict }) => [
        markdownCode(stage),
        markdownCode(name),
        markdownCode(digest),
        verdict === 'same' ? 'same' : verdict === 'absent' ? 'not here' : verdict.toUpperCase(),
      ]),
    ),
    asMarkdown`## What is not known`,
    gaps(verified),
  ];
  return `${joinMarkdown(parts, '\n\n').text}\n`;
}

function summary({ verification, recomputed }: VerifiedManifest): Markdown[] {
  const { checked, absent, problems } = verification;
  const lines = [
    problems.length === 0
      ? asMarkdown`- All ${count(checked - absent, 'artifact')}${absent > 0 ? ' that are here' : ''} have the digests that the manifest states, and the manifest agrees with itself.`
      : asMarkdown`- **${count(problems.length, 'problem')}** in ${count(checked, 'artifact')}, below.`,
  ];
  if (absent > 0) lines.push(asMarkdown`- ${count(absent, 'artifact')} not hashed: they were never in this checkout.`);
  for (const verdict of ['bitwise', 'within-error', 'unstable', 'not-recomputed'] as const) {
    const stages = recomputed.filter((each) => each.verdict === verdict).map(({ stage }) => markdownCode(stage));
    if (stages.length > 0)
      lines.push(asMarkdown`- Executed again, ${verdictText[verdict]}: ${joinMarkdown(stages, ', ')}.`);
  }
  if (recomputed.length === 0) lines.push(asMarkdown`- No stage was executed again.`);
  return [
    joinMarkdown(lines, '\n'),
    ...(problems.length === 0
      ? []
      : [
          markdownTable(
            ['problem', 'stage', ''],
            problems.map((each) => [each.kind, markdownCode(each.stage), each.message]),
          ),
        ]),
  ];
}

function facts({ manifest, path, verifiedAt }: VerifiedManifest): MarkdownContent[][] {
  const { run, pipeline, git } = manifest;
  const set = Object.entries(pipeline.overrides).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    ['Experiment', pipeline.name],
    ['Manifest', markdownCode(path)],
    ['Run', `${run.id}, ${run.outcome}, ${run.finishedAt}`],
    ['Profile', pipeline.profile ?? 'none'],
    ...(set.length > 0 ? [['Changed by --set', markdownCode(set.join(' '))]] : []),
    ['Seed', String(pipeline.seed)],
    [
      'Commit',
      git === null ? 'not in a git repository' : `${git.commit}${git.dirty ? ', with uncommitted changes' : ''}`,
    ],
    ['Pipeline file', asMarkdown`${markdownCode(pipeline.file)}, ${pipeline.digest}`],
    ['Numbers', String(manifest.numbers.length)],
    ['Verified', verifiedAt],
  ];
}

function environments(reported: Environment, here: Environment): string[][] {
  const rows: [string, (machine: Environment) => string][] = [
    ['Processor', ({ cpu, cores }) => `${cpu}, ${cores} cores`],
    ['Memory', ({ memoryBytes }) => bytesText(memoryBytes)],
    ['System', ({ platform, arch }) => `${platform} ${arch}`],
    ['Node', ({ node }) => node],
  ];
  return rows.map(([name, text]) => [name, text(reported), text(here)]);
}

function recomputations(recomputed: readonly Recomputation[]): Markdown[] {
  const numbers = recomputed.flatMap(({ stage, numbers: all }) =>
    all.map((number) => [
      markdownCode(`${stage}.${number.name}`),
      valueCell(number.reported),
      valueCell(number.recomputed),
      number.reported && number.recomputed ? valueText(number.recomputed.value - number.reported.value) : '',
      verdictText[number.class],
    ]),
  );
  return [
    asMarkdown`## Stages executed again`,
    asMarkdown`From the recorded sources, in clean directories. \`within error\`: within one standard error that both state.`,
    markdownTable(
      ['stage', 'verdict', 'reported', 'here', 'remarks'],
      recomputed.map((each) => [
        markdownCode(each.stage),
        verdictText[each.verdict],
        durationText(each.reportedSeconds),
        each.seconds === null ? '' : durationText(each.seconds),
        remarks(each).join('; '),
      ]),
    ),
    ...(numbers.length > 0 ? [markdownTable(['number', 'reported', 'here', 'difference', 'verdict'], numbers)] : []),
  ];
}

function remarks({ failure, otherInputs, outputs }: Recomputation): string[] {
  const others = Object.entries(outputs).flatMap(([name, isSame]) => (isSame ? [] : [name]));
  return [
    ...(failure === null ? [] : [failure]),
    ...(otherInputs.length > 0 ? [`inputs with other bytes here: ${otherInputs.join(', ')}`] : []),
    ...(others.length > 0 ? [`outputs with other bytes: ${others.join(', ')}`] : []),
  ];
}

function gaps({ manifest, recomputed }: VerifiedManifest): Markdown {
  const recorded = manifest.stages.filter((stage) => stage.record !== undefined);
  const rest = recorded.length - recomputed.filter(({ seconds }) => seconds !== null).length;
  const own =
    rest > 0
      ? [asMarkdown`- ${count(rest, 'stage')} of ${recorded.length} not executed again by this verification`]
      : [];
  const stated = manifest.gaps.map(({ stage, message }) => {
    return asMarkdown`- ${stage === '*' ? '' : asMarkdown`${markdownCode(stage)}: `}${message}`;
  });
  const all = [...own, ...stated];
  return all.length === 0 ? asMarkdown`Nothing is stated.` : joinMarkdown(all, '\n');
}

function valueCell(number: ReportedNumber | null): string {
  return number === null ? 'nothing' : quantityText(number);
}
