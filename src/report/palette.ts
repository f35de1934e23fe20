// Colours and letters of the report's page and of figures that stand alone.

/** The same on light paper and on dark. */
export interface TwoTone {
  readonly light: string;
  readonly dark: string;
}

const tone = (light: string, dark: string): TwoTone => ({ light, dark });

export const paper = tone('#fdfdfb', '#15181b');
export const ink = tone('#1d2125', '#dfe2e4');

/** Of the series of a figure, in their order. */
export const seriesTones: readonly TwoTone[] = [
  tone('#0b6fb8', '#5fb0ee'),
  tone('#d1591b', '#f08d57'),
  tone('#2d8a5f', '#6cc79b'),
  tone('#a0438f', '#d68ac8'),
  tone('#8a7200', '#d0b84a'),
  tone('#4a4e55', '#c9ced4'),
  tone('#2b95c4', '#8fd6f5'),
  tone('#b3123b', '#ff7d96'),
  tone('#5c8f22', '#a9d65c'),
  tone('#6b4fd8', '#a99bff'),
  tone('#a8621d', '#d9a066'),
  tone('#0f8a8f', '#55cfd0'),
];

/** The variables that a page's style sheet has these colours in. */
export const paperVariable = '--paper';
export const seriesVariable = (index: number): string => `--series-${index + 1}`;

export const sansFonts = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif';
