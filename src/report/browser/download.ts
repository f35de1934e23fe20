// A figure as a file: the picture as it is seen, or its values.
import { fileName } from '../file-name.ts';
import { figureDocument } from '../figure-document.ts';
import type { FigureData } from '../figures.ts';
import { element } from '../../dom/element.ts';

/** The picture as it is seen, with title and legend, as `repro figure` writes it. */
export function saveSvg(svg: SVGSVGElement, { name, kind, series }: FigureData, title: string, caption: string): void {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  for (const overlay of copy.querySelectorAll('.overlay')) overlay.remove();
  // What was drawn larger keeps the width of its lines.
  for (const path of copy.querySelectorAll('.line path, .link path'))
    path.setAttribute('vector-effect', 'non-scaling-stroke');
  const { width, height } = svg.viewBox.baseVal;
  const size = { 'font-size': '14', width: String(width), height: String(height) };
  for (const [attribute, value] of Object.entries(size)) copy.setAttribute(attribute, value);
  const text = figureDocument({
    title,
    description: caption,
    kind,
    names: kind === 'heatmap' ? [] : series.map(({ name }) => name),
    frames: [{ svg: new XMLSerializer().serializeToString(copy), width, height }],
  });
  save(`${name}.svg`, 'image/svg+xml', text);
}

/** A row for each point. */
export function saveCsv({ name, kind, x, y, series }: FigureData): void {
  const rows = series.flatMap((each) => each.points.map(([at, value, error]) => [each.name, at, value, error ?? '']));
  const lines = [['series', x.label, y.label, kind === 'heatmap' ? 'value' : 'standard error'], ...rows].map((row) =>
    row.map(field).join(','),
  );
  save(`${name}.csv`, 'text/csv', `${lines.join('\r\n')}\r\n`);
}

/** A text that a spreadsheet would take for a formula is given a space in front. */
function field(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? ` ${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  element('a', { href: url, download: fileName(name) }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
