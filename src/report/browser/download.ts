// A figure as a file: the picture as it is seen, or its values.
import type { FigureData } from '../figures.ts';
import { svgElement, element } from '../../dom/element.ts';

export function saveSvg(svg: SVGSVGElement, name: string): void {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  for (const overlay of copy.querySelectorAll('.overlay')) overlay.remove();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const style = getComputedStyle(svg);
  const values = [...Array.from({ length: 12 }, (_, index) => `--series-${index + 1}`), '--ink', '--paper'];
  const rules = values.map((variable) => `${variable}: ${resolved(svg, style.getPropertyValue(variable))};`);
  const text = `svg { ${rules.join(' ')} color: var(--ink); background: var(--paper); font: 12px system-ui, sans-serif; }`;
  copy.prepend(svgElement('style', {}, `${text} path { vector-effect: non-scaling-stroke; }`));
  save(`${name}.svg`, 'image/svg+xml', new XMLSerializer().serializeToString(copy));
}

/** A colour as it is now: other programs do not know `light-dark()`. */
function resolved(svg: SVGSVGElement, value: string): string {
  const probe = svgElement('g', { class: 'overlay' });
  svg.append(probe);
  probe.style.color = value;
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
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
  // A file has a name that every system takes.
  element('a', { href: url, download: name.replace(/[^\w.=,[\]-]/g, '_') }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
