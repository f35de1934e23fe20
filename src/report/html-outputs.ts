// Outputs that are pages of their own, such as a model that runs in the reader's browser: the report links to them.
import type { RecordedStage } from '../manifest/lineage.ts';
import { isRecorded } from '../manifest/lineage.ts';
import type { Artifact, Manifest } from '../schema/types.ts';
import { bounded, mostRows } from './bounded.ts';
import { outputPath } from './figure-outputs.ts';
import { type Html, html } from './html.ts';

/** A link from the report to a file of the project, null where it does not lie there as the stage made it. */
export type LinkTo = (path: string, artifact: Artifact) => Promise<string | null>;

export interface HtmlOutput {
  readonly stage: string;
  readonly address: string;
  /** In the project. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Undefined where the report is no file that could link to one. */
  readonly link: string | null | undefined;
}

/** In the order of the stages. */
export async function htmlOutputs(manifest: Manifest, linkTo?: LinkTo): Promise<HtmlOutput[]> {
  const found: Promise<HtmlOutput>[] = manifest.stages.filter(isRecorded).flatMap((stage) =>
    Object.entries(stage.record.outputs)
      .filter(([, { path }]) => path.endsWith('.html'))
      .map(([name, artifact]) => htmlOutput(stage, name, artifact, linkTo)),
  );
  return Promise.all(found);
}

async function htmlOutput(
  stage: RecordedStage,
  name: string,
  artifact: Artifact,
  linkTo?: LinkTo,
): Promise<HtmlOutput> {
  const { id, published } = stage;
  const path = outputPath(stage, artifact);
  const link = published === undefined ? null : await linkTo?.(path, artifact);
  return { stage: id, address: `${id}.${name}`, path, sizeBytes: artifact.sizeBytes, link };
}

export function htmlOutputList(outputs: readonly HtmlOutput[]): Html {
  const { shown, note } = bounded(outputs, mostRows, 'the manifest has them.');
  return html`${note}
    <ul class="pages">
      ${shown.map(
        ({ address, path, sizeBytes, link }) =>
          html`<li>
            ${typeof link !== 'string' ? html`<code>${address}</code>` : html`<a href="${link}"><code>${address}</code></a>`}
            <span class="quiet">
              <code>${path}</code>, ${(sizeBytes / 1e6).toFixed(1)}
              MB${link === null ? '. When this report was written, it was not there as this run made it' : null}
            </span>
          </li>`,
      )}
    </ul>`;
}
