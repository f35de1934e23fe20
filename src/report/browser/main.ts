// The script of a report: what a reader does with it beyond reading. Without it the page is whole, but for what a stage was
// made of.
import { openReport } from './open-report.ts';

document.documentElement.classList.add('scripted');
openReport(document.getElementById('page-data')!.textContent);
