// `repro report [MANIFEST]`: a run as one self-contained HTML page.
import { type ExitCode, exitCode } from '../error.ts';
import { curvesOf } from '../manifest/curves.ts';
import { reportPage } from '../report/page.ts';
import type { Manifest } from '../schema/types.ts';
import { parseDigest } from '../store/digest.ts';
import { openStore } from '../store/store.ts';
import { open } from './open.ts';
import type { ReportOptions } from './options.ts';
import { print, printJson } from './view/print.ts';
import { writeNamed, writeUsual } from './write-to.ts';
import type { Place } from '../project/places.ts';

export async function reportVerb(options: ReportOptions, name: string | undefined): Promise<ExitCode> {
  const project = open(options);
  const { manifest } = await project.manifest(name);
  const written = await writeReport(project, manifest, options.output);
  if (options.json) printJson({ run: manifest.run.id, report: written });
  else print(written);
  return exitCode.ok;
}

/** Writes the page and returns its path as a person in the current directory would type it. */
export async function writeReport({ root }: Pick<Place, 'root'>, manifest: Manifest, to?: string): Promise<string> {
  const page = await reportText(root, manifest);
  return to === undefined ? writeUsual(root, 'artifacts/report.html', page) : writeNamed(to, page);
}

/** The page. @param root Of the project that has the bytes of its figures */
export async function reportText(root: string, manifest: Manifest): Promise<string> {
  const store = openStore(root);
  const read = (digest: string) => store.objects.readBytes(parseDigest(digest));
  const output = async (_stage: unknown, { digest }: { readonly digest: string }) => {
    const bytes = read(digest);
    if (bytes === null) throw new Error('its bytes are no longer in the store');
    return bytes;
  };
  return reportPage(manifest, output, curvesOf(manifest, read));
}
