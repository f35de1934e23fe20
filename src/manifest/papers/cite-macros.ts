// The numbers of a run for texts in LaTeX and for programs: by address, to the place the standard error supports.
import type { Manifest, ManifestNumber } from '../../schema/types.ts';
import { parseAddress } from '../../pipeline/reference.ts';
import { standingText } from '../standing.ts';
import { statisticOf } from './citation.ts';
import { latexComment, latexText } from './latex-text.ts';
import { numberText } from '../text/number-text.ts';

/** A number of the run, or the mean over the replicates of one. */
export interface QuotableNumber {
  readonly address: string;
  readonly value: number;
  /** Of the estimate as reported; of a mean over replicates, from their spread. Null where unknown. */
  readonly standardError: number | null;
  readonly unit: string;
  readonly n: number | null;
  /** How many replicates it is the mean of; null for a number as reported. */
  readonly replicates: number | null;
  /** Value and standard error as texts, to the same place. */
  readonly text: { readonly value: string; readonly error: string | null };
}

/** Every number as reported and, at the address without `replicate`, the mean over the replicates. */
export function quotableNumbers({ numbers, stages }: Pick<Manifest, 'numbers' | 'stages'>): QuotableNumber[] {
  const cells = new Map(stages.map(({ id, cell }) => [id, cell]));
  const replicated = new Map<string, ManifestNumber[]>();
  const reported = numbers.map((entry): QuotableNumber => {
    const replicate = cells.get(entry.stage)?.replicate;
    if (replicate !== undefined) {
      const address = withoutReplicate(entry.address, String(replicate));
      const members = replicated.get(address) ?? [];
      members.push(entry);
      replicated.set(address, members);
    }
    const { number, address } = entry;
    const { value, standardError = null, unit, n = null } = number;
    return { address, value, standardError, unit, n, replicates: null, text: numberText(number) };
  });
  const means = [...replicated].map(([address, members]): QuotableNumber => {
    const value = statisticOf('mean', members) as number;
    const standardError = statisticOf('se', members) as number | null;
    const text = numberText({ value, ...(standardError !== null && { standardError }) });
    const { unit } = members[0]!.number;
    return { address, value, standardError, unit, n: null, replicates: members.length, text };
  });
  return [...reported, ...means];
}

/** `a[toy=two,replicate=0].b` to `a[toy=two].b`. */
function withoutReplicate(address: string, replicate: string): string {
  return address
    .replace(`[replicate=${replicate}]`, '')
    .replace(`[replicate=${replicate},`, '[')
    .replace(`,replicate=${replicate}`, '');
}

/**
 * Commands `\repro`, `\reprovalue`, `\reproerror` and `\reprounit`, each taking an address, and one line of data for each
 * number. Needs no package; an address that is not there is an error of LaTeX.
 */
export function latexMacros(manifest: Manifest, path: string): string {
  const { run, git } = manifest;
  const rows = quotableNumbers(manifest).map(({ address, text, unit, replicates }) => {
    // Nothing else can be typed as an argument, and braces or backslashes in one would command LaTeX.
    if (parseAddress(address) === null) return latexComment(`Left out, because this is no address: ${address}`);
    const fields = [address, mathText(text.value), mathText(text.error ?? ''), unit === '1' ? '' : latexText(unit)];
    const note = replicates === null ? '' : ` % mean of ${replicates}, standard error over replicates`;
    return `\\reprodefine${fields.map((field) => `{${field}}`).join('')}${note}`;
  });
  const commit = git === null ? 'outside git' : `commit ${git.commit}`;
  const standing = standingText(manifest);
  const what = standing === null ? run.id : `${run.id}, ${standing}`;
  return `${latexComment(`Numbers of run ${what}, ${commit}: written by repro cite from`)}
${latexComment(`${path}. Do not edit.`)}
% \\repro{stage[axis=value].name} is value and standard error, \\reprovalue, \\reproerror and \\reprounit one part of it.
\\makeatletter
\\newcommand{\\reprodefine}[4]{%
  \\@namedef{repro@value@#1}{#2}\\@namedef{repro@error@#1}{#3}\\@namedef{repro@unit@#1}{#4}}
\\newcommand{\\repro@get}[2]{\\@ifundefined{repro@#1@#2}{%
  \\@latex@error{repro: no number #2}{Run "repro numbers" for those there are.}}{\\@nameuse{repro@#1@#2}}}
\\newcommand{\\reprovalue}[1]{\\ensuremath{\\repro@get{value}{#1}}}
\\newcommand{\\reproerror}[1]{\\ensuremath{\\repro@get{error}{#1}}}
\\newcommand{\\reprounit}[1]{\\repro@get{unit}{#1}}
\\newcommand{\\repro}[1]{\\ensuremath{\\repro@get{value}{#1}%
  \\expandafter\\ifx\\csname repro@error@#1\\endcsname\\@empty\\else\\pm\\repro@get{error}{#1}\\fi}}
\\makeatother
${rows.join('\n')}
`;
}

/** `1.2e-7` as powers are written. */
function mathText(number: string): string {
  return number.replace(/e\+?(-?\d+)$/, '\\times 10^{$1}');
}
