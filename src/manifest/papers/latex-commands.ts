// What the arguments of LaTeX's commands are: text that is read out, or keys, lengths and settings that are not.

/**
 * Arguments in their order: `o` an option in brackets and `m` one in braces that are not read out, `O` and `M` ones that
 * are. Options may be missing. The arguments of a command that is not here are read out.
 */
const signatures: Readonly<Record<string, string>> = {
  // Keys and files.
  ...named(
    'm',
    'label input include bibliography bibliographystyle pagestyle thispagestyle graphicspath nocite bibitem',
  ),
  ...named('m', 'repro reprovalue reproerror reprounit hypersetup geometry lstset pgfplotsset tikzset sisetup setlist'),
  ...named('om', 'usepackage RequirePackage documentclass includegraphics addbibresource captionsetup'),
  ...named('m', 'url nolinkurl path hyperlink hypertarget'),
  href: 'omM',
  // Lengths and layout.
  ...named('m', 'vspace hspace enlargethispage stretch linespread setstretch cline hphantom vphantom phantom'),
  ...named('mm', 'setlength addtolength setcounter addtocounter fontsize'),
  ...named('o', 'addlinespace'),
  cmidrule: 'om',
  specialrule: 'mmm',
  rule: 'omm',
  raisebox: 'mooM',
  resizebox: 'mmM',
  scalebox: 'moM',
  rotatebox: 'omM',
  parbox: 'ooomM',
  ...named('ooM', 'makebox framebox'),
  multicolumn: 'mmM',
  multirow: 'omomoM',
  // Colours.
  ...named('om', 'color cellcolor rowcolor columncolor'),
  ...named('omM', 'textcolor colorbox'),
  definecolor: 'mmm',
};

const environments: Readonly<Record<string, string>> = {
  ...named('om', 'tabular array longtable subfigure subtable'),
  'tabular*': 'mom',
  ...named('mom', 'tabularx tabulary'),
  minipage: 'ooom',
  ...named('o', 'figure figure* table table* tikzpicture axis groupplot itemize enumerate description'),
  wrapfigure: 'omom',
  ...named('m', 'multicols adjustbox'),
};

/** Whatever is in them is shown as it is, or not at all: code, and lists of other works. */
export const unreadEnvironments: ReadonlySet<string> = new Set(
  ['verbatim', 'lstlisting', 'minted', 'Verbatim', 'comment', 'filecontents', 'thebibliography'].flatMap((name) => [
    name,
    `${name}*`,
  ]),
);

/** Commands of the preamble whose arguments come to the reader in the end. */
export const readInPreamble: Readonly<Record<string, string>> = {
  ...named('OM', 'title subtitle author date thanks keywords abstract institute affiliation'),
  ...named('mooM', 'newcommand renewcommand providecommand DeclareRobustCommand'),
  ...named('mmM', 'NewDocumentCommand RenewDocumentCommand ProvideDocumentCommand DeclareDocumentCommand'),
};

/** Macros that LaTeX itself reads as factors of layout. */
export const layoutMacros =
  /^\\(?:arraystretch|baselinestretch|(?:top|bottom|text|dbltop|floatpage|dblfloatpage)fraction)$/;

/** Registers of lengths, which take the number before them as a factor. */
export const lengths: ReadonlySet<string> = new Set(
  'textwidth linewidth columnwidth textheight hsize vsize paperwidth paperheight baselineskip parindent parskip tabcolsep columnsep'.split(
    ' ',
  ),
);

/** Symbols and words that belong to a number: they stay for those who read numbers. */
export const numeric: ReadonlySet<string> = new Set(['times', 'cdot', 'pm', 'percent', 'thinspace', 'enspace']);

/** How many arguments of siunitx's commands are numbers, or lists of them. */
export const siunitxNumbers: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'num tablenum numlist numproduct qty SI qtylist SIlist qtyproduct'.split(' ').map((name) => [name, 1]),
  ),
  ...Object.fromEntries('numrange qtyrange SIrange'.split(' ').map((name) => [name, 2])),
};

export function signatureOf(command: string): string {
  if (Object.hasOwn(signatures, command)) return signatures[command]!;
  // \cite[see][p.~3]{key}: the notes are read out, the key is not.
  if (/cite/i.test(command)) return 'OOm';
  return /(?:^|[a-zA-Z])ref$/.test(command) ? 'm' : '';
}

export function environmentSignature(environment: string): string {
  return Object.hasOwn(environments, environment) ? environments[environment]! : '';
}

function named(signature: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, signature]));
}
