// The style sheet of the page: calm text, light and dark by the reader's preference, from 320 pixels up.

export const style = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1d2125; --quiet: #5f666d; --line: #dcdcd6; --wash: #f4f4f0; --accent: #0b63a5; --on-accent: #fff;
  --bar: #9fb9cf; --mark: #b3430f; --band: #0b63a51c; --fail: #a32525;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  --serif: "Iowan Old Style", Charter, "STIX Two Text", Georgia, "DejaVu Serif", serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --ink: #dfe2e4; --quiet: #9aa1a7; --line: #33383c; --wash: #1d2124; --accent: #7db7e8; --on-accent: #10202c;
    --bar: #47637b; --mark: #f29a63; --band: #7db7e822; --fail: #f19a92;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto; max-width: 68rem; padding: 2.6rem 2rem 5rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 var(--sans); font-variant-numeric: tabular-nums; text-rendering: optimizeLegibility;
}
h1 { margin: 0 0 .5rem; font-size: 1.9rem; font-weight: 650; letter-spacing: -.015em; line-height: 1.2; }
h2 { margin: 0 0 .6rem; font-size: 1.35rem; font-weight: 650; letter-spacing: -.01em; }
p { margin: .4rem 0; max-width: 44rem; }
section { margin-top: 2.6rem; padding-top: 1.8rem; border-top: 1px solid var(--line); }
.lead { font-size: 1.08rem; }
.quiet, figcaption, legend, dt { color: var(--quiet); font-size: .875rem; }
#status:empty { display: none; }
[data-state=failed] #status { color: var(--fail); }
.equation { margin: .8rem 0; font: 1.15rem/1.5 var(--serif); }
.equation span { margin-left: 1rem; color: var(--quiet); font: .875rem var(--sans); white-space: nowrap; }
sub { font-size: .72em; line-height: 0; }
fieldset { margin: 0 0 1.2rem; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; margin-bottom: .5rem; }
.split { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.15fr); gap: 2.4rem; margin-top: 1.2rem; align-items: start; }
.row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
.row.top { align-items: flex-start; gap: 1.2rem; }
.slider { max-width: none; margin: .8rem 0; }
.slider label { min-width: 17rem; }
.slider input { flex: 1 1 12rem; min-width: 0; }
canvas { display: block; image-rendering: pixelated; background: #000; border-radius: 4px; }
canvas.large { width: 11rem; aspect-ratio: 1; }
figure { margin: 0; }
figcaption { margin-top: .35rem; max-width: 11rem; }
#images { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: .5rem; margin: 0 0 .7rem; padding: 0; list-style: none; }
#images label { position: relative; display: block; cursor: pointer; text-align: center; }
#images input { position: absolute; opacity: 0; inset: 0; width: 100%; height: 100%; margin: 0; cursor: pointer; }
#images canvas { width: 100%; outline: 2px solid transparent; outline-offset: 2px; }
#images input:hover + canvas { outline-color: var(--line); }
#images input:checked + canvas { outline-color: var(--mark); }
#images input:focus-visible + canvas { outline-color: var(--accent); outline-width: 3px; }
.bits { font-size: .875rem; }
.drawing { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1.2rem; align-items: start; }
.drawing legend { grid-column: 1 / -1; }
#board { width: 11rem; aspect-ratio: 1; touch-action: none; cursor: crosshair; box-shadow: 0 0 0 1px var(--quiet); }
.number { margin: 0; font-size: 2.3rem; font-weight: 650; line-height: 1.1; letter-spacing: -.02em; }
.number .unit { font-size: 1rem; font-weight: 400; letter-spacing: 0; color: var(--quiet); }
.answer { min-width: 0; }
.answer .top > div { flex: 1 1 14rem; min-width: 0; }
.chart { margin-top: .8rem; min-height: 170px; }
.chart svg { display: block; overflow: visible; }
.chart text { fill: var(--quiet); font: 12px var(--sans); }
.chart .bar { fill: var(--bar); }
.chart .axis { stroke: var(--line); }
.chart .mark { stroke: var(--mark); stroke-width: 2; }
.chart .flag { fill: var(--mark); font-weight: 600; }
.chart .band { fill: var(--band); }
.chart .line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.chart .dot { fill: var(--mark); }
button, select, input[type=number] {
  font: inherit; color: inherit; background: var(--wash); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .75rem; min-height: 2.4rem;
}
button { cursor: pointer; }
button:hover:not(:disabled) { border-color: var(--quiet); }
button:disabled { opacity: .5; cursor: default; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
input[type=range] { accent-color: var(--accent); min-height: 2rem; }
input[type=number] { width: 6rem; }
input.long { width: 13rem; }
.controls { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; margin: .8rem 0; align-items: center; }
.controls .controls { margin: 0; }
.controls label { display: inline-flex; gap: .5rem; align-items: center; }
dl { margin: 1rem 0; }
dl div { display: grid; grid-template-columns: 12rem minmax(0, 1fr); padding: .3rem 0; border-top: 1px solid var(--line); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .875rem/1.5 var(--mono); }
@media (max-width: 52rem) {
  .split { grid-template-columns: minmax(0, 1fr); gap: 1.4rem; }
}
@media (max-width: 34rem) {
  body { padding: 1.4rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  .drawing { grid-template-columns: minmax(0, 11rem) minmax(0, 1fr); gap: 0 .9rem; }
  .pair figure, .answer .top figure { flex: 1 1 8rem; max-width: 11rem; }
  canvas.large, #board { width: 100%; }
  .pair { flex-wrap: nowrap; }
  dl div { grid-template-columns: minmax(0, 1fr); }
  .slider label { min-width: 100%; }
}
@media print { button, form, .slider { display: none; } }
`;
