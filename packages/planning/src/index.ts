export { buildSnapshot, type PlannerView } from './build-snapshot.ts';
export { buildCommit, type BuiltCommit } from './build-commit.ts';
export { createFirstInstant } from './first-instant.ts';
export { recordBehindOthers } from './decision-record.ts';
export { createHoldMemory, type HoldMemory } from './hold-memory.ts';
export { packDecision, unpackDecision } from './packed-decision.ts';
export { explainJob, type DryRun } from './explain-job.ts';
