// The kit for stages written in TypeScript or JavaScript: `import { runStage } from 'repro/stage'`.
export { runStage, Stage, type StageProgress } from './stage.ts';
export { writeCheckpoint } from './checkpoint.ts';
