// `repro figure ADDRESS [MANIFEST]`: a figure of a run as a file, for a paper or a page of documentation. A plot is drawn as an
// SVG that carries what it is of; an image is copied bit for bit, so that its digest is still that of the manifest.
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { traceOf } from '../manifest/trace.ts';
import { plotDocument } from '../report/figure-file.ts';
import type { FigureOutput } from '../report/figure-outputs.ts';
import { fileName } from '../report/file-name.ts';
import { parsePlot } from '../report/plot.ts';
import type { Manifest } from '../schema/types.ts';
import { findFigure } from './find-figure.ts';
import { open } from './open.ts';
import type { FigureOptions } from './options.ts';
import { readers } from './page-files.ts';
import { noteStanding } from './quoted.ts';
import { print, printJson } from './view/print.ts';
import { writeNamed, writeUsual } from './write-to.ts';

const extensions = { plot: '.svg', image: '.png' } as const;

export async function figureVerb(options: FigureOptions, address: string, name: string | undefined): Promise<ExitCode> {
  const project = open(options);
  const { manifest } = await project.manifest(name);
  const figure = findFigure(manifest, address);
  checkExtension(figure, options.output);
  noteStanding(manifest);
  const description = describe(manifest, figure);
  const content = await contentOf(figure, readOf(project.root, figure), description);
  const usual = `artifacts/figures/${fileName(figure.address)}${extensions[figure.kind]}`;
  const written =
    options.output === undefined ? writeUsual(project.root, usual, content) : writeNamed(options.output, content);
  if (options.json) printJson({ written, ...description });
  else {
    print(written);
    // An SVG says it itself.
    if (figure.kind === 'image') print(...traceLines(description));
  }
  return exitCode.ok;
}

/** What is in the file: it would be strange under the name of another kind. */
function checkExtension({ address, kind }: FigureOutput, output: string | undefined): void {
  const given = path.extname(output ?? '').toLowerCase();
  if (given === '' || given === extensions[kind]) return;
  const is = kind === 'plot' ? 'a plot, which is written as .svg' : 'an image, which is copied as .png';
  const convert = kind === 'plot' && (given === '.pdf' || given === '.png');
  throw new ReproError('bad-usage', `"${address}" is ${is}, not to "${output}"`, {
    exit: exitCode.usage,
    hint: convert ? `other programs make a ${given} of the .svg: rsvg-convert, Inkscape, or a browser` : undefined,
  });
}

function readOf(root: string, { address, stage, artifact }: FigureOutput): Uint8Array {
  const bytes = readers(root).read(artifact.digest);
  if (bytes !== null) return bytes;
  throw new ReproError('missing-object', `The bytes of "${address}" are no longer in the store`, {
    hint: `run it again: repro run ${stage.stage}`,
  });
}

async function contentOf(
  { kind, path: shown, stage }: FigureOutput,
  bytes: Uint8Array,
  description: object,
): Promise<Uint8Array | string> {
  if (kind === 'image') return bytes;
  const plot = parsePlot(Buffer.from(bytes).toString('utf8'));
  if (typeof plot !== 'string') return plotDocument(plot, description);
  throw new ReproError('bad-plot', `${shown} cannot be drawn: ${plot}`, {
    hint: `the stage "${stage.stage}" writes it: docs/stage-protocol.md says what a plot is`,
  });
}

function describe(manifest: Manifest, { address, path: file, stage, artifact }: FigureOutput) {
  const { digest, sizeBytes } = artifact;
  return { address, output: { path: file, digest, sizeBytes }, ...traceOf(manifest, stage) };
}

function traceLines({ address, run, output, closure, pipeline, git }: ReturnType<typeof describe>): string[] {
  return [
    `  ${address} of run ${run}`,
    `  output   ${output.digest}`,
    `  closure  ${closure}`,
    `  pipeline ${pipeline.digest}`,
    ...(git === null ? [] : [`  commit   ${git.commit}${git.dirty === null ? '' : ', with uncommitted changes'}`]),
  ];
}
