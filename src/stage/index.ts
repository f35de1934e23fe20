// The kit for stages written in TypeScript or JavaScript: `import { runStage } from 'repro/stage'`.
export { runStage, Stage, type MeanDescription, type RandomStream, type StageProgress } from './stage.ts';
export type { MeanEstimate } from './mean.ts';
export { writeCheckpoint } from './checkpoint.ts';
export type { PlotFile, ReportedNumber } from '../schema/types.ts';
