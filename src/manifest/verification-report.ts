// What was verified of a manifest, as Markdown for the appendix of an artifact evaluation.
import type { Environment, Manifest, ReportedNumber } from '../schema/types.ts';
import { auditClassText } from './audit-text.ts';
import { markdownCode, markdownText } from './markdown-text.ts';
import { count, durationText, numberText, valueText } from './number-text.ts';
import type { Recomputation } from './recomputation.ts';
import type { Verification } from './verify.ts';

export interface VerifiedManifest {
  readonly manifest: Manifest;
  readonly path: string;
  /** Of the machine that verified. */
  readonly environment: Environment;
  readonly verifiedAt: string;
  /** The command that does it again. */
  readonly command: string;
  readonly verification: Verification;
  readonly recomputed: readonly Recomputation[];
}

const verdictText = { ...auditClassText, unstable: 'DIFFERENT', 'not-recomputed': 'not executed again' };

export function verificationReport(verified: VerifiedManifest): string {
  const { manifest, verification, recomputed } = verified;
  return [
    `# Verification of run ${markdownText(manifest.run.id)}`,
    ...summary(verified),
    '## What was verified',
    table(['', ''], facts(verified)),
    '## Environment',
    table(['', 'reported', 'verified on'], environments(manifest.environment, verified.environment)),
    '## Commands',
    commands(verified),
    ...(recomputed.length === 0 ? [] : recomputations(recomputed)),
    '## Gates',
    manifest.gates.length === 0
      ? 'The pipeline has none.'
      : table(
          ['gate', 'number', 'verdict'],
          manifest.gates.map(({ name, number, verdict }) => [markdownText(name), markdownCode(number), verdict]),
        ),
    '## Digests',
    `${count(verification.checked, 'artifact')} hashed again with SHA-256.`,
    table(
      ['stage', 'artifact', 'digest', 'verdict'],
      verification.artifacts.map(({ stage, name, digest, verdict }) => [
        markdownCode(stage),
        markdownCode(name),
        markdownCode(digest),
        verdict === 'same' ? 'same' : verdict.toUpperCase(),
      ]),
    ),
    '## What is not known',
    ...gaps(verified),
  ]
    .join('\n\n')
    .concat('\n');
}

function summary({ verification, recomputed }: VerifiedManifest): string[] {
  const { checked, problems } = verification;
  const lines = [
    problems.length === 0
      ? `- All ${count(checked, 'artifact')} have the digests that the manifest states, and the manifest agrees with itself.`
      : `- **${count(problems.length, 'problem')}** in ${count(checked, 'artifact')}, below.`,
  ];
  for (const verdict of ['bitwise', 'within-error', 'unstable', 'not-recomputed'] as const) {
    const stages = recomputed.filter((each) => each.verdict === verdict).map(({ stage }) => markdownCode(stage));
    if (stages.length > 0) lines.push(`- Executed again, ${verdictText[verdict]}: ${stages.join(', ')}.`);
  }
  if (recomputed.length === 0) lines.push('- No stage was executed again.');
  return [
    lines.join('\n'),
    ...(problems.length === 0
      ? []
      : [
          table(
            ['problem', 'stage', ''],
            problems.map((each) => [each.kind, markdownCode(each.stage), markdownText(each.message)]),
          ),
        ]),
  ];
}

function facts({ manifest, path, verifiedAt }: VerifiedManifest): string[][] {
  const { run, pipeline, git } = manifest;
  const set = Object.entries(pipeline.overrides).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    ['Experiment', markdownText(pipeline.name)],
    ['Manifest', markdownCode(path)],
    ['Run', `${markdownText(run.id)}, ${run.outcome}, ${run.finishedAt}`],
    ['Profile', markdownText(pipeline.profile ?? 'none')],
    ...(set.length > 0 ? [['Changed by --set', markdownCode(set.join(' '))]] : []),
    ['Seed', String(pipeline.seed)],
    [
      'Commit',
      git === null ? 'not in a git repository' : `${git.commit}${git.dirty ? ', with uncommitted changes' : ''}`,
    ],
    ['Pipeline file', `${markdownCode(pipeline.file)}, ${pipeline.digest}`],
    ['Numbers', String(manifest.numbers.length)],
    ['Verified', verifiedAt],
  ];
}

function environments(reported: Environment, here: Environment): string[][] {
  const rows: [string, (machine: Environment) => string][] = [
    ['Processor', ({ cpu, cores }) => `${cpu}, ${cores} cores`],
    ['Memory', ({ memoryBytes }) => `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ['System', ({ platform, arch }) => `${platform} ${arch}`],
    ['Node', ({ node }) => node],
  ];
  return rows.map(([name, text]) => [name, markdownText(text(reported)), markdownText(text(here))]);
}

function commands({ manifest, command }: VerifiedManifest): string {
  const { git, pipeline } = manifest;
  const settings = Object.entries(pipeline.overrides).map(
    ([name, value]) => ` --set '${name}=${JSON.stringify(value)}'`,
  );
  const lines = [
    ...(git === null ? [] : [`git checkout ${git.commit}`]),
    'npm ci',
    `npx repro run${pipeline.file === 'pipeline.yaml' ? '' : ` --file ${pipeline.file}`}${pipeline.profile === null ? '' : ` --profile ${pipeline.profile}`}${settings.join('')}`,
    command,
  ];
  return ['```sh', ...lines.map((line) => line.replace(/[\r\n`]/g, '?')), '```'].join('\n');
}

function recomputations(recomputed: readonly Recomputation[]): string[] {
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
    '## Stages executed again',
    'From the recorded sources, in clean directories. `within error`: within one standard error that both state.',
    table(
      ['stage', 'verdict', 'reported', 'here', 'remarks'],
      recomputed.map((each) => [
        markdownCode(each.stage),
        verdictText[each.verdict],
        durationText(each.reportedSeconds),
        each.seconds === null ? '' : durationText(each.seconds),
        markdownText(remarks(each).join('; ')),
      ]),
    ),
    ...(numbers.length > 0 ? [table(['number', 'reported', 'here', 'difference', 'verdict'], numbers)] : []),
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

function gaps({ manifest, recomputed }: VerifiedManifest): string[] {
  const recorded = manifest.stages.filter((stage) => stage.record !== undefined);
  const rest = recorded.length - recomputed.filter(({ seconds }) => seconds !== null).length;
  const own =
    rest > 0 ? [`- ${count(rest, 'stage')} of ${recorded.length} not executed again by this verification`] : [];
  const stated = manifest.gaps.map(({ stage, message }) => {
    return `- ${stage === '*' ? '' : `${markdownCode(stage)}: `}${markdownText(message)}`;
  });
  return [[...own, ...stated].join('\n') || 'Nothing is stated.'];
}

function valueCell(number: ReportedNumber | null): string {
  if (number === null) return 'nothing';
  const { value, error } = numberText(number);
  return markdownText(`${value}${error === null ? '' : ` ± ${error}`}${number.unit === '1' ? '' : ` ${number.unit}`}`);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}
