export { buildSnapshot, type PlannerView } from './build-snapshot.ts';
export { createFirstInstant } from './first-instant.ts';
export {
  recordAssignment,
  recordBehindOthers,
  recordHold,
  recordRejection,
  recordUnseenHold,
  type DecisionContext,
} from './decision-record.ts';
export { packDecision, unpackDecision } from './packed-decision.ts';
export { explainJob, type DryRun } from './explain-job.ts';
