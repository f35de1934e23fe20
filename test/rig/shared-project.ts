// A small pipeline whose results are shared: two clones of it, and a directory between them.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Rig } from './rig.ts';
import { temporaryDirectory } from './temporary.ts';

/** `make` writes a file and a directory, `measure` reads the file and reports a number, `other` stands alone. */
export const sharedFiles: Readonly<Record<string, string>> = {
  'pipeline.yaml': `name: shared
seed: 1
params: { text: some data }
stages:
  make:
    run: [node, make.mjs]
    code: [make.mjs]
    params: [text]
    outputs: { data: data.txt, many: many/ }
  measure:
    run: [node, measure.mjs]
    code: [measure.mjs]
    inputs: { data: make.data }
    outputs: { copy: copy.txt }
    numbers: numbers.json
  other:
    run: [node, other.mjs]
    code: [other.mjs]
    outputs: { other: other.txt }
gates:
  long-enough: { number: measure.length, min: 3 }
`,
  'make.mjs': `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const { outputs, params } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.data, params.text);
mkdirSync(outputs.many + '/deep', { recursive: true });
for (const i of [1, 2, 3]) writeFileSync(outputs.many + '/deep/' + i, 'file ' + i);
`,
  'measure.mjs': `import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
copyFileSync(inputs.data, outputs.copy);
writeFileSync(numbers, JSON.stringify({ length: { value: readFileSync(inputs.data).length, unit: 'bytes', kind: 'exact' } }));
`,
  'other.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.other, 'other');
`,
};

/** Clones of the project, and the directory `store` that they share. */
export class Clones implements AsyncDisposable {
  readonly #share = temporaryDirectory({});
  readonly #rigs: Rig[] = [];
  /** Of the directory that is shared. */
  readonly store = path.join(this.#share.path, 'store');
  readonly at = this.#share.path;

  constructor() {
    mkdirSync(this.store);
  }

  /** @param rest What else the declaration of the remote `team` says */
  async clone(rest = '', more: Readonly<Record<string, string>> = {}): Promise<Rig> {
    const config = `remotes: { team: { url: 'file:${this.store}'${rest} } }\n`;
    const rig = await Rig.create({ ...sharedFiles, 'repro.config.yaml': config, ...more });
    this.#rigs.push(rig);
    return rig;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const rig of this.#rigs) await rig[Symbol.asyncDispose]();
    this.#share[Symbol.dispose]();
  }
}
