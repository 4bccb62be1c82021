export { aDecision } from './a-decision.ts';
export { aNewJob } from './a-new-job.ts';
export {
  acme,
  aCloudState,
  aConfig,
  aJob,
  aLane,
  aState,
  aStore,
  cloud,
  gpu,
  LOW_OVERFLOW,
  MODEL,
  NO_OVERFLOW,
  NOW_MS,
} from './fixtures.ts';
