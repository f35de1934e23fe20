// All that a report answers to, once it is in the document.
import type { PageData } from '../page-data.ts';
import { openChart } from './chart.ts';
import { followContents } from './contents.ts';
import { openHistory, withNames } from './history.ts';
import { openImages } from './images.ts';
import { openNumbers } from './numbers.ts';
import { openSliders } from './slider.ts';
import { openStages } from './stages.ts';
import { offerThemes } from './theme.ts';

/** @param text The data of the page. @param signal Its abort ends what listens beyond the report */
export function openReport(text: string, signal?: AbortSignal): void {
  const data = JSON.parse(text) as PageData;
  offerThemes();
  followContents(signal);
  data.figures.forEach((figure, index) => {
    const place = document.getElementById(`figure-${index + 1}`);
    if (figure === null || place === null) return;
    openChart(place, data.history === undefined ? figure : withNames(figure, data.history));
  });
  if (data.history !== undefined) openHistory(data.history);
  openSliders();
  openImages();
  openNumbers(data);
  openStages(data, signal);
}
