// Turns schemas/*.schema.json into types.ts and validators.js, and the scripts of the pages into texts that are
// published with the tool; `--check` fails when they are out of date.
import { readFileSync, readdirSync, writeFileSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { Ajv, type SchemaObject } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile } from 'json-schema-to-typescript';

const schemaFolder = fileURLToPath(new URL('../../schemas/', import.meta.url));
const outputFolder = fileURLToPath(new URL('./', import.meta.url));
const suffix = '.schema.json';
const names = readdirSync(schemaFolder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .sort();
const schemas = new Map<string, SchemaObject>(
  names.map((name) => [name, JSON.parse(readFileSync(join(schemaFolder, name + suffix), 'utf8')) as SchemaObject]),
);

async function typesSource(): Promise<string> {
  // One root that refers to every schema: each type is written once, however many schemas share it.
  const root: SchemaObject = {
    title: 'Schemas',
    type: 'object',
    additionalProperties: false,
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { $ref: name + suffix }])),
  };
  const source = await compile(root, 'Schemas', {
    cwd: schemaFolder,
    bannerComment: '// Generated from schemas/ by `npm run generate`. Do not edit.',
    style: { singleQuote: true, printWidth: 120 },
  });
  return source;
}

async function validatorsSource(): Promise<string> {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictTuples: false, // The standard error of a plot's point may be left out.
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  ajv.addKeyword('markdownDescription');
  for (const [name, schema] of schemas) ajv.addSchema(schema, name + suffix);
  const validators = Object.fromEntries(names.map((name) => [`validate_${name}`, name + suffix]));
  // ajv's module output still calls require() for its runtime helpers: bundle them in.
  const bundled = await build({
    stdin: { contents: standaloneCode.default(ajv, validators), resolveDir: outputFolder },
    bundle: true,
    format: 'esm',
    write: false,
    charset: 'utf8',
  });
  return `// Generated from schemas/ by \`npm run generate\`. Do not edit.\n${bundled.outputFiles[0]!.text}`;
}

/** @param folder Of the world whose page it is the script of */
async function pageScriptSource(folder: string): Promise<string> {
  const bundled = await build({
    entryPoints: [join(outputFolder, '..', folder, 'browser/main.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2023',
    charset: 'utf8',
    write: false,
  });
  const text = bundled.outputFiles[0]!.text.trim().replaceAll('</', '<\\/');
  return `// Generated from browser/ by \`npm run generate\`. Do not edit.\nexport const pageScript =\n  ${JSON.stringify(text)};\n`;
}

function validatorsTypes(): string {
  const lines = names.map((name) => `export declare const validate_${name}: Validator;`);
  return `// Generated from schemas/ by \`npm run generate\`. Do not edit.
import type { ErrorObject } from 'ajv';

export interface Validator {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
}
${lines.join('\n')}
`;
}

const files = {
  'types.ts': await typesSource(),
  'validators.js': await validatorsSource(),
  'validators.d.ts': validatorsTypes(),
  '../report/page-script.ts': await pageScriptSource('report'),
  '../live/page-script.ts': await pageScriptSource('live'),
};
const stale = Object.entries(files).filter(([file, text]) => {
  const path = join(outputFolder, file);
  return !existsSync(path) || readFileSync(path, 'utf8') !== text;
});
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`Out of date: ${stale.map(([file]) => join('src/schema', file)).join(', ')}; run npm run generate`);
    process.exitCode = 1;
  }
} else {
  for (const [file, text] of stale) writeFileSync(join(outputFolder, file), text);
  console.log(
    stale.length === 0 ? 'Generated files are up to date' : `Wrote ${stale.map(([file]) => file).join(', ')}`,
  );
}
