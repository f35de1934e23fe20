// `npm run release [-- VERSION] [--dry-run]`: checks everything, dates the changelog, packs, commits and tags. It pushes and
// publishes nothing: that is said at its end.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const USAGE = `npm run release [-- VERSION] [--dry-run]
  VERSION    without one, what package.json says
  --dry-run  checks and says what it would do; changes nothing`;
const changelog = 'CHANGELOG.md';
const citation = 'CITATION.cff';
const changed = [changelog, citation, 'package.json', 'package-lock.json'];

/** What is wrong, and what to do. */
class Refusal extends Error {}

function output(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: 'utf8' }).trim();
}

/** Runs a program whose output is for the reader. */
function command(program: string, ...words: string[]): void {
  console.log(`$ ${[program, ...words].join(' ')}`);
  try {
    execFileSync(program, words, { stdio: 'inherit' });
  } catch (error) {
    throw new Refusal(`"${[program, ...words].join(' ')}" failed`, { cause: error });
  }
}

/** The changelog with a date in the place of "unreleased". */
function datedChangelog(text: string, version: string, date: string): string {
  const [heading, ...others] = text.split('\n').filter((line) => line.startsWith(`## ${version},`));
  if (heading === undefined) throw new Refusal(`${changelog} has no section "## ${version}, unreleased": write it`);
  if (others.length > 0) throw new Refusal(`${changelog} has ${others.length + 1} sections of ${version}`);
  if (heading !== `## ${version}, unreleased`)
    throw new Refusal(`${changelog} says "${heading}": it is not unreleased`);
  const section = text.slice(text.indexOf(heading) + heading.length).split(/^## /m)[0]!;
  if (section.trim() === '') throw new Refusal(`${changelog} says nothing of ${version}: write what a user gets`);
  return text.replace(heading, `## ${version}, ${date}`);
}

/** The citation of a version and the day it came out. */
function datedCitation(text: string, version: string, date: string): string {
  const others = text.split('\n').filter((line) => !line.startsWith('date-released:'));
  const at = others.findIndex((line) => line.startsWith('version:'));
  if (at < 0) throw new Refusal(`${citation} has no line "version:"`);
  return others.toSpliced(at, 1, `version: ${version}`, `date-released: '${date}'`).join('\n');
}

function check(version: string): void {
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) throw new Refusal(`"${version}" is no version such as 1.2.3`);
  const uncommitted = output('git', 'status', '--porcelain');
  if (uncommitted !== '') throw new Refusal(`The tree is not clean: commit or remove\n${uncommitted}`);
  const tag = `v${version}`;
  if (output('git', 'tag', '--list', tag) !== '') throw new Refusal(`The tag ${tag} is there: choose a new version`);
}

function release(asked: string | undefined, isDry: boolean): void {
  const { version: present } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const version = asked ?? present;
  check(version);
  const date = new Date().toISOString().slice(0, 10);
  const texts = [
    [changelog, datedChangelog(readFileSync(changelog, 'utf8'), version, date)],
    [citation, datedCitation(readFileSync(citation, 'utf8'), version, date)],
  ] as const;
  command('npm', 'run', 'check');
  if (isDry)
    return console.log(`All is well: ${version} would be dated ${date}, packed, committed and tagged v${version}.`);
  try {
    for (const [file, text] of texts) writeFileSync(file, text);
    command('npm', 'version', version, '--no-git-tag-version', '--allow-same-version');
    command('npm', 'run', 'pack');
    command('git', 'commit', '--quiet', '--message', `Release ${version}`, '--', ...changed);
  } catch (error) {
    output('git', 'checkout', 'HEAD', '--', ...changed);
    throw error;
  }
  command('git', 'tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
  console.log(
    `Released ${version}. To let others have it:\n  git push --follow-tags\n  npm publish repro-${version}.tgz`,
  );
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help || positionals.length > 1) console.log(USAGE);
  else release(positionals[0], values['dry-run']);
} catch (error) {
  console.error(error instanceof Refusal ? `Not released: ${error.message}` : error);
  process.exitCode = 1;
}
