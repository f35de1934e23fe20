// The style sheet of the report: one column of calm text, light and dark by the reader's preference, fit for paper.
import { ink, paper, paperVariable, sansFonts, seriesTones, seriesVariable, type TwoTone } from './palette.ts';

const tones = ({ light, dark }: TwoTone): string => `light-dark(${light}, ${dark})`;

export const styleSheet = `
:root {
  color-scheme: light dark;
  ${paperVariable}: ${tones(paper)}; --ink: ${tones(ink)}; --quiet: light-dark(#5f666d, #9aa1a7);
  --line: light-dark(#e3e3de, #2d3236); --wash: light-dark(#f4f4f0, #1d2124); --link: light-dark(#1f5f99, #7db7e8);
  --pass: light-dark(#1d6b3f, #7fd0a0); --pass-wash: light-dark(#e2f1e7, #1a2a22);
  --fail: light-dark(#a32525, #f19a92); --fail-wash: light-dark(#f9e4e2, #301d1d);
  --open: light-dark(#805300, #e5bd6a); --open-wash: light-dark(#faefd6, #2e2616);
  ${seriesTones.map((tone, index) => `${seriesVariable(index)}: ${tones(tone)};`).join(' ')}
  --sans: ${sansFonts};
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
body {
  display: grid; grid-template-columns: 14rem minmax(0, 70rem); gap: 0 3rem; justify-content: center;
  margin: 0; padding: 3rem 2rem 6rem; background: var(--paper); color: var(--ink);
  font: 15px/1.55 var(--sans); font-variant-numeric: tabular-nums; text-rendering: optimizeLegibility;
}
h1 { margin: 0 0 .5rem; font-size: 1.9rem; font-weight: 650; letter-spacing: -.015em; line-height: 1.2; }
h2 { margin: 3.2rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); font-size: 1.2rem; font-weight: 650; }
h3 { margin: 0 0 .4rem; font-size: 1rem; font-weight: 650; }
h4 { margin: 1rem 0 .3rem; font-size: .86rem; font-weight: 600; }
h4 .quiet { font-weight: 400; }
p { margin: .2rem 0; }
a { color: var(--link); text-decoration: none; }
a:hover, .lead a, .note a, .tree a { text-decoration: underline; }
code { font: .86em/1.5 var(--mono); overflow-wrap: anywhere; }
h3 code { font-size: .95em; }
.quiet, .lead, .source, .note, figcaption { color: var(--quiet); }
.lead { margin-bottom: 1rem; }
.digest { color: var(--quiet); font-size: .78em; }
.nowrap { white-space: nowrap; }
.outcome { margin: 0 0 1.4rem; }
.verdict {
  display: inline-block; margin-right: .35rem; padding: .1em .6em; border-radius: 1em; font-size: .78rem; font-weight: 600;
  letter-spacing: .02em; white-space: nowrap; color: var(--open); background: var(--open-wash);
}
.verdict.pass { color: var(--pass); background: var(--pass-wash); }
.verdict.fail { color: var(--fail); background: var(--fail-wash); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(21rem, 1fr)); gap: .25rem 2rem; margin: 0; }
dl div { display: grid; grid-template-columns: 6.2rem 1fr; }
dt { color: var(--quiet); }
dd { margin: 0; min-width: 0; }
table { width: 100%; border-collapse: collapse; }
th { padding: .3rem .9rem .3rem 0; color: var(--quiet); font-size: .8rem; font-weight: 500; text-align: left; }
td { padding: .4rem .9rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top; }
.wide { overflow-x: auto; }
.wide td:first-child { white-space: nowrap; }
.plain td, .plain th { padding-block: .15rem; }
.gates .limits { min-width: 8rem; overflow-wrap: anywhere; }
.gates td:last-child { min-width: 11rem; }
.reason { color: var(--quiet); font-size: .85rem; }
.strip { width: 120px; height: 14px; vertical-align: -2px; }
.strip .allowed { fill: var(--pass-wash); stroke: var(--pass); stroke-opacity: .35; }
.strip .inside { fill: var(--pass); }
.strip .outside { fill: var(--fail); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(25rem, 100%), 1fr)); gap: 2.4rem 2.6rem; }
.figures:not(.images, .pairs) > * { max-width: 44rem; }
.figures.images { grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); margin-top: 2.4rem; }
.figures.pairs { grid-template-columns: repeat(auto-fill, minmax(min(27rem, 100%), 1fr)); }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr)); gap: .6rem 1rem; align-items: end; }
h1, h3, .lead, .note, .outcome li, .message, .legend li, .gaps li, .lineage li, .source, .quiet, .ends span { overflow-wrap: anywhere; }
.beside .run, .ends { overflow-wrap: anywhere; color: var(--quiet); font-size: .82rem; }
.slider { max-width: 44rem; margin-top: .8rem; }
.ends { display: flex; justify-content: space-between; gap: 1rem; margin-bottom: .2rem; }
.ends select { max-width: 48%; padding: .1rem .3rem; border: 1px solid var(--quiet); border-radius: 4px; background: var(--paper); color: var(--ink); font: inherit; }
.stack { position: relative; overflow: hidden; cursor: ew-resize; touch-action: pan-y; --share: 50%; }
.stack img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; object-position: top left; image-rendering: pixelated; }
.stack .over { clip-path: inset(0 0 0 var(--share)); }
.edge { position: absolute; top: 0; bottom: 0; left: var(--share); width: 2px; margin-left: -1px; background: #fff; outline: 1px solid #000; }
.slider input { width: 100%; margin: .3rem 0 0; accent-color: var(--link); }
figure { margin: 0; break-inside: avoid; }
.plot { position: relative; }
.plot > svg {
  display: block; width: 100%; height: auto; overflow: visible; background: none; font: 14px var(--sans); white-space: pre;
  touch-action: pan-x pan-y pinch-zoom; --plot-background: none;
}
.scripted .plot > svg { cursor: crosshair; }
.plot .line path, .plot .link path { vector-effect: non-scaling-stroke; }
.overlay { pointer-events: none; fill: none; stroke: var(--ink); }
.overlay.zoom { fill: var(--link); fill-opacity: .15; stroke: var(--link); }
.tip {
  position: absolute; z-index: 1; max-width: 60%; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: 5px;
  background: var(--paper); box-shadow: 0 2px 8px #0003; font-size: .8rem; pointer-events: none;
}
.tip td { padding: 0 .8rem 0 0; border: 0; }
.tip td:first-child { overflow-wrap: anywhere; }
.tip .chosen { font-weight: 600; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.tools { display: flex; gap: .3rem; justify-content: flex-end; font-size: .78rem; }
.tools button { min-width: 1.8rem; padding: .1rem .4rem; border: 1px solid var(--line); border-radius: 4px; color: var(--quiet); text-align: center; }
.tools button:hover { color: var(--ink); border-color: var(--quiet); }
.enlarge { display: block; width: 100%; cursor: zoom-in; }
dialog.image { position: fixed; max-width: 96vw; max-height: 96vh; padding: .6rem; border: 0; background: var(--paper); }
dialog.image::backdrop { background: #000a; }
dialog.image img { display: block; width: min(90vw, 90vh); max-height: 90vh; object-fit: contain; image-rendering: pixelated; }
dialog.image button { position: absolute; top: .8rem; right: .8rem; padding: .2rem .5rem; background: var(--paper); color: var(--ink); }
.map { margin: 1rem 0 1.6rem; }
.map path { fill: none; stroke: var(--quiet); stroke-opacity: .5; }
.map rect { fill: var(--wash); stroke: var(--quiet); }
.map text { fill: var(--ink); font: 13px var(--sans); text-anchor: middle; }
.map .time { fill: var(--quiet); font-size: 10.5px; }
.map .critical > rect, .map path.critical { stroke: var(--series-2); stroke-opacity: 1; stroke-width: 2; }
.map a:hover rect { fill: var(--line); }
figure img { display: block; max-width: 100%; height: auto; border-radius: 3px; background: #fff; }
figure img.small { width: 100%; max-width: 24rem; image-rendering: pixelated; }
figcaption { max-width: 40rem; font-size: .86rem; }
.images figcaption { margin-top: .4rem; }
.source { margin-top: .3rem; font-size: .8rem; }
.message { padding: .7rem .9rem; border-left: 3px solid var(--open); background: var(--open-wash); color: var(--open); }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; margin: 0 0 .3rem; padding: 0; list-style: none; font-size: .86rem; }
.swatch { width: 34px; height: 10px; vertical-align: 0; }
.contents {
  position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; margin-top: -3rem; padding: 3rem 0 1rem;
  font-size: .86rem;
}
.contents ul { margin: 0; padding: 0; list-style: none; }
.contents a { display: block; padding: .16rem .6rem; border-left: 2px solid transparent; color: var(--quiet); overflow-wrap: anywhere; }
.contents > ul > li > a { font-weight: 600; }
.contents li li a { padding-left: 1.4rem; font-size: .94em; }
.scripted .contents li:not(.current) ul { display: none; }
.contents a[aria-current] { border-left-color: var(--link); color: var(--ink); }
section, figure, details, .group { scroll-margin-top: 1rem; }
button { border: 0; padding: 0; background: none; color: inherit; font: inherit; text-align: inherit; cursor: pointer; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
html:not(.scripted) .search { display: none; }
.theme { margin: 1rem .6rem; color: var(--quiet); }
.search { display: flex; gap: .6rem; align-items: baseline; margin: .8rem 0; }
.search input {
  flex: 1; max-width: 24rem; padding: .35rem .6rem; border: 1px solid var(--quiet); border-radius: 5px;
  background: var(--paper); color: var(--ink); font: inherit;
}
.search output { color: var(--quiet); }
[hidden] { display: none !important; }
.group { margin: 1.6rem 0; }
.numbers { margin-bottom: .6rem; }
.numbers tr > * { padding: .26rem .7rem .26rem 0; }
.numbers thead th { padding-block: .1rem; font-size: .74rem; }
.numbers tbody th { border-top: 1px solid var(--line); color: inherit; font-size: 1em; font-weight: 400; }
.numbers tbody tr:hover > * { background: var(--wash); }
.numbers .value { width: 9rem; text-align: right; white-space: nowrap; }
.numbers tbody .value { font-weight: 600; }
.numbers .error { width: 8rem; color: var(--quiet); white-space: nowrap; }
.numbers .unit { width: 6rem; }
.numbers .n, .numbers .kind { width: 5.5rem; color: var(--quiet); font-size: .82rem; }
.numbers .n { text-align: right; }
.numbers .note { display: block; padding-left: 1.1rem; font-size: .8rem; line-height: 1.35; }
.sides th.run { min-width: 8rem; color: var(--ink); font-weight: 600; overflow-wrap: anywhere; }
.sides tbody th { border-top: 1px solid var(--line); color: inherit; font-size: 1em; font-weight: 400; vertical-align: top; }
.sides tr:not(.lineage) > :first-child { position: sticky; left: 0; background: var(--paper); }
.numbers.sides tr > * { vertical-align: top; }
.numbers.sides .value { width: auto; text-align: left; font-weight: 400; }
.numbers.sides .unit { display: table-cell; overflow-wrap: normal; }
.sides .copy { position: absolute; top: .26rem; right: .2rem; margin: 0; }
.sides tbody th[scope="row"] { min-width: 10.5rem; }
.sides .note { display: block; }
.wide + h3, .lead + h3 { margin-top: 1.4rem; }
.sides .open { position: relative; padding-left: 1.1rem; }
.sides .open::before { position: absolute; left: 0; }
.sides td { overflow-wrap: anywhere; }
.sides td.text { min-width: 9rem; }
.sides td.quiet.text { min-width: 16rem; }
.sides td > p { margin: 0; }
.differs { font-weight: 600; }
.move { display: block; color: var(--quiet); font-size: .82rem; }
.better { color: var(--pass); } .worse { color: var(--fail); }
.choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); margin: 0 0 1.6rem; padding: 0; list-style: none; }
.choices li { overflow-wrap: anywhere; }
#chooser summary { margin-bottom: .6rem; cursor: pointer; }
.verdicts td, .verdicts th:not(:first-child) { text-align: center; }
.verdicts .pass { color: var(--pass); } .verdicts .fail { color: var(--fail); } .verdicts thead a { text-decoration: underline; }
ul.outcome { padding: 0; list-style: none; }
.pad { visibility: hidden; user-select: none; }
.open { overflow-wrap: anywhere; }
.open::before { content: "›" / ""; display: inline-block; width: 1.1rem; color: var(--quiet); }
.open[aria-expanded="true"]::before { content: "⌄" / ""; }
.copy { margin-left: .5rem; color: var(--quiet); opacity: 0; }
tr:hover .copy, .copy:focus-visible { opacity: 1; }
@media (hover: none) { .copy { opacity: 1; } }
[aria-sort="ascending"] button::after { content: " ↑" / ""; }
[aria-sort="descending"] button::after { content: " ↓" / ""; }
h4 .note { font-weight: 400; }
.series > summary, .cells > summary { padding: .28rem 0; border-top: 1px solid var(--line); cursor: pointer; list-style: none; }
.series > summary::before, .cells > summary::before { content: "›" / ""; display: inline-block; width: 1.1rem; color: var(--quiet); }
.series .numbers, .cells > .stage { margin-left: 1.1rem; }
.series .numbers { width: calc(100% - 1.1rem); }
summary:hover { background: var(--wash); }
summary::-webkit-details-marker { display: none; }
.stage > summary::before { content: "›" / ""; color: var(--quiet); width: .5rem; }
.stage .body { margin: .2rem 0 1.2rem 1.1rem; padding: .7rem 1.1rem; border-radius: 6px; background: var(--wash); font-size: .88rem; }
.numbers .lineage td { padding: .7rem 1.1rem 1.1rem; background: var(--wash); font-size: .88rem; }
.tree, .tree ul { margin: .2rem 0; padding-left: 1.1rem; border-left: 1px solid var(--line); list-style: none; }
.tree { padding-left: 0; border: 0; }
.tree li { margin: .25rem 0; }
.tree summary { cursor: pointer; }
.tree details > div { margin-left: 1.1rem; }
.params { display: flex; flex-wrap: wrap; gap: 0 1.2rem; color: var(--quiet); }
.stage > summary { display: flex; flex-wrap: wrap; gap: .8rem; align-items: baseline; padding: .3rem 0; border-top: 1px solid var(--line); cursor: pointer; list-style: none; }
.status { font-size: .82rem; color: var(--pass); }
.status.failed { color: var(--fail); }
.status.blocked, .status.cancelled { color: var(--open); }
.status.restored { color: var(--link); }
.bar { flex: 0 0 8rem; height: 6px; margin-left: auto; fill: var(--link); opacity: .55; }
.gaps { padding-left: 1.2rem; }
.pages { margin: .2rem 0; padding-left: 1.1rem; list-style: none; }
@media (max-width: 64rem) {
  body { display: block; padding-top: 0; }
  .contents { z-index: 2; display: flex; gap: .2rem; margin: 0 -2rem 1.5rem; padding: .4rem 2rem; overflow-x: auto; background: var(--paper); border-bottom: 1px solid var(--line); }
  .contents > ul { display: flex; }
  .contents ul ul { display: none; }
  .contents a { border-left: 0; border-bottom: 2px solid transparent; white-space: nowrap; }
  .contents a[aria-current], .contents .current > a { border-bottom-color: var(--link); color: var(--ink); }
  .theme { margin: 0 .6rem; white-space: nowrap; }
  section, figure, details, .group { scroll-margin-top: 3.4rem; }
}
@media (max-width: 46rem) {
  body { padding: 0 1rem 4rem; }
  .contents { margin-inline: -1rem; padding-inline: 1rem; }
  .numbers .unit, .numbers .n, .numbers .kind, .numbers thead th:nth-child(n + 4) { display: none; }
  .numbers .value, .numbers .error { width: auto; }
  dl { grid-template-columns: 1fr; }
  .bar { display: none; }
  .plot > svg { font-size: 18px; }
}
@media print {
  :root { color-scheme: light; }
  body { display: block; padding: 0; font-size: 10.5pt; }
  .contents, .tools, .search, .copy, .tip { display: none; }
  .group { break-inside: auto; }
  tr, figure { break-inside: avoid; }
  details:not([open]) > summary::before { content: ""; }
}
`;
