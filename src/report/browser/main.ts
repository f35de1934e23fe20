// The script of a report: what a reader does with it beyond reading. Without it the page is whole, but for what a stage was
// made of.
import type { PageData } from '../page-data.ts';
import { openChart } from './chart.ts';
import { followContents } from './contents.ts';
import { openImages } from './images.ts';
import { openNumbers } from './numbers.ts';
import { openStages } from './stages.ts';
import { offerThemes } from './theme.ts';

const data = JSON.parse(document.getElementById('page-data')!.textContent) as PageData;
document.documentElement.classList.add('scripted');
offerThemes();
followContents();
data.figures.forEach((figure, index) => {
  const place = document.getElementById(`figure-${index + 1}`);
  if (figure !== null && place !== null) openChart(place, figure);
});
openImages();
openNumbers(data);
openStages(data);
