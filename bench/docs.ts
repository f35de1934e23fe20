// Writes the measured tables into docs/benchmarks.md, between their markers: no number there is typed by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import { tablesOf, type Table } from './tensor-table.ts';
import type { TensorResults } from './tensor.ts';

const BLOCK = /(<!-- tensor: [^\n]* -->\n)[^]*?(<!-- end of tensor -->)/;

/** Replaces the block of `page` by the results. Throws an Error when it has none. */
export function writeDocs(page: string, results: TensorResults): void {
  const text = readFileSync(page, 'utf8');
  if (!BLOCK.test(text))
    throw new Error(`${page} has no block between "<!-- tensor: … -->" and "<!-- end of tensor -->"`);
  writeFileSync(
    page,
    text.replace(BLOCK, (_, start: string, end: string) => `${start}\n${resultsMarkdown(results)}\n${end}`),
  );
}

function resultsMarkdown({ machine, cases }: TensorResults): string {
  const { cpu, cores, memoryGb, system, node, versions } = machine;
  const software = Object.entries({ node, ...versions }).map(([name, version]) => `${name} ${version}`);
  return (
    [
      `${cpu}, ${cores} cores, ${memoryGb} GB, ${system}; ${software.join(', ')}.`,
      ...tablesOf(cases).map(tableMarkdown),
    ].join('\n\n') + '\n'
  );
}

function tableMarkdown({ titles, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = titles.map((_, i) => (i === 0 ? '---' : '--:'));
  return [titles, rule, ...rows].map(line).join('\n');
}
