// A project that kills, damage and crowds do their worst to: `make`, two cells of `use`, and `join` below them.
const number = (value: string): string =>
  `echo "{\\"value\\": {\\"value\\": ${value}, \\"unit\\": \\"1\\", \\"kind\\": \\"exact\\"}}" > n.json\n`;

const uses = {
  shell: {
    how: 'run: [sh, use.sh]\n    code: [use.sh]',
    files: { 'use.sh': `n=$(cat ../inputs/data/data.txt); echo $n > result.txt\n${number('$n')}` },
  },
  module: {
    how: 'run: use.mjs',
    files: {
      'use.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const value = Number(readFileSync(inputs.data, 'utf8'));
console.log('using', value);
writeFileSync(outputs.result, String(value));
writeFileSync(numbers, JSON.stringify({ value: { value, unit: '1', kind: 'exact' } }));
`,
    },
  },
};

/** Its files by path. Both `use` are shell scripts, which start sooner, or a module, which is bundled first. */
export function fourStages(use: keyof typeof uses): Record<string, string> {
  return {
    'pipeline.yaml': `name: four
params: { n: 0 }
stages:
  make: { run: [sh, make.sh], code: [make.sh], params: [n], outputs: { data: data.txt, tree: tree/ }, numbers: n.json }
  use:
    ${uses[use].how}
    matrix: { i: [1, 2] }
    inputs: { data: make.data, tree: make.tree }
    outputs: { result: result.txt }
    numbers: n.json
  join:
    run: [sh, join.sh]
    code: [join.sh]
    inputs: { all: "use[*].result", tree: make.tree }
    outputs: { sum: sum.txt }
    numbers: n.json
gates:
  small: { number: join.value, max: 1000000 }
`,
    'make.sh': `n=$(sed -n 's/^ *"n": \\([0-9]*\\).*/\\1/p' stage.json)
mkdir -p tree/deep; echo made $n; echo $n > data.txt; echo $n > tree/deep/n.txt; echo same > tree/same.txt
${number('$n')}`,
    ...uses[use].files,
    'join.sh': `n=$(cat ../inputs/tree/tree/deep/n.txt); cat ../inputs/all/*/result.txt > sum.txt\n${number('$((n + 2))')}`,
  };
}

/** The number `value` of each cell: all report n, and `join` adds 2 to it. */
export const valuesOf = (n: number): Record<string, number> => ({ make: n, 'use[i=1]': n, 'use[i=2]': n, join: n + 2 });
