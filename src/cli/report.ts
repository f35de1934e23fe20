// `repro report [MANIFEST…]`: a run as one self-contained HTML page; several runs side by side; all of them.
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { curvesOf } from '../manifest/curves.ts';
import type { LinkTo } from '../report/html-outputs.ts';
import { reportPage } from '../report/page.ts';
import type { Manifest } from '../schema/types.ts';
import { hashFile } from '../store/digest.ts';
import { nodeFileSystem } from '../store/file-system.ts';
import { pathBelow } from '../store/path-below.ts';
import { open } from './open.ts';
import type { ReportOptions } from './options.ts';
import { print, printJson } from './view/print.ts';
import { linkFrom, readers, writePage } from './page-files.ts';
import type { Place } from '../project/places.ts';

export async function reportVerb(options: ReportOptions, names: readonly string[]): Promise<ExitCode> {
  const [first, second, ...others] = names;
  if (options.attribute && second === undefined) {
    throw new ReproError('bad-usage', '--attribute explains how one run moved from another: name two or more', {
      exit: exitCode.usage,
      hint: 'repro report previous latest --attribute',
    });
  }
  if (options.history) {
    if (first === undefined) return (await import('./report-history.ts')).historyPageVerb(options);
    throw new ReproError('bad-usage', '--history is of all runs: name none', {
      exit: exitCode.usage,
      hint: `repro report --history, or repro report ${names.join(' ')}`,
    });
  }
  if (second !== undefined) return (await import('./report-sides.ts')).sidesVerb(options, [first!, second, ...others]);
  const project = open(options);
  const { manifest } = await project.manifest(first, options);
  const written = await writeReport(project, manifest, options.output);
  if (options.json) printJson({ run: manifest.run.id, report: written });
  else print(written);
  return exitCode.ok;
}

/** Writes the page and returns its path as a person in the current directory would type it. */
export async function writeReport({ root }: Pick<Place, 'root'>, manifest: Manifest, to?: string): Promise<string> {
  const usual = 'artifacts/report.html';
  const place = path.dirname(to === undefined ? path.join(root, usual) : path.resolve(to));
  const page = await reportText(root, manifest, place);
  return writePage(root, usual, page, to);
}

/**
 * The page.
 * @param root Of the project that has the bytes of its figures
 * @param place The directory that it goes to; without, it links to no file
 */
export async function reportText(root: string, manifest: Manifest, place?: string): Promise<string> {
  const { read, output } = readers(root);
  return reportPage(
    manifest,
    output,
    curvesOf(manifest, read),
    place === undefined ? undefined : linksFrom(place, root),
  );
}

/** Links to published files, from a directory. A later run may have overwritten them, and a stranger's manifest name others. */
function linksFrom(directory: string, root: string): LinkTo {
  const published = 'artifacts/';
  return async (file, { digest, sizeBytes }) => {
    if (!file.startsWith(published)) return null;
    try {
      const target = pathBelow(nodeFileSystem, path.join(root, published), file.slice(published.length));
      const status = nodeFileSystem.lstatSync(target);
      if (!status.isFile() || status.size !== sizeBytes) return null;
      if ((await hashFile(nodeFileSystem, target)).digest !== digest) return null;
      return linkFrom(directory, target);
    } catch {
      return null;
    }
  };
}
