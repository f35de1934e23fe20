// Writes the measured tables into docs/benchmarks.md, between their markers: no number there is typed by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import type { Table } from './tensor-table.ts';

/** Replaces the block `name` of `page` by Markdown. Throws an Error when it has none. */
export function writeDocs(page: string, name: string, markdown: string): void {
  const text = readFileSync(page, 'utf8');
  const block = new RegExp(`(<!-- ${name}: [^\\n]* -->\\n)[^]*?(<!-- end of ${name} -->)`);
  if (!block.test(text))
    throw new Error(`${page} has no block between "<!-- ${name}: … -->" and "<!-- end of ${name} -->"`);
  writeFileSync(
    page,
    text.replace(block, (_, start: string, end: string) => `${start}\n${markdown}\n${end}`),
  );
}

/** What was measured where and with what; `commit` where the tables do not tell it. */
export function resultsMarkdown(
  machine: Machine & { readonly versions?: Readonly<Record<string, string>> },
  tables: readonly Table[],
  commit?: string,
): string {
  const { cpu, cores, memoryGb, system, node, versions } = machine;
  const software = Object.entries({ node, ...versions }).map(([name, version]) => `${name} ${version}`);
  const where = `${cpu}, ${cores} cores, ${memoryGb} GB, ${system}; ${software.join(', ')}${commit ? `; commit ${commit}` : ''}.`;
  return [where, ...tables.map(tableMarkdown)].join('\n\n') + '\n';
}

function tableMarkdown({ titles, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = titles.map((_, i) => (i === 0 ? '---' : '--:'));
  return [titles, rule, ...rows].map(line).join('\n');
}
