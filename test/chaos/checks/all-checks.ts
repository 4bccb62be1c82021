import { badAnswers } from './bad-answers.ts';
import { capViolations } from './cap-violations.ts';
import { crashes } from './crashes.ts';
import { doubled } from './doubled.ts';
import { leaked } from './leaked.ts';
import { leftBehind } from './left-behind.ts';
import { lost } from './lost.ts';
import { missedEvents } from './missed-events.ts';
import { startedAfterCancel } from './started-after-cancel.ts';
import { doubledBatches } from './doubled-batches.ts';
import { lateLines } from './late-lines.ts';
import { leakedLines } from './leaked-lines.ts';
import { leftFiles } from './left-files.ts';
import { lostBatches } from './lost-batches.ts';
import { missedBatchEvents } from './missed-batch-events.ts';
import { repeatedLines } from './repeated-lines.ts';
import { unverified } from './unverified.ts';
import { wrongBatchEvents } from './wrong-batch-events.ts';
import { wrongEnds } from './wrong-ends.ts';
import { wrongLineResults } from './wrong-line-results.ts';
import { wrongLines } from './wrong-lines.ts';
import { wrongUsage } from './wrong-usage.ts';
import type { Check } from './violation.ts';
import { wrongEvents } from './wrong-events.ts';
import { wrongResult } from './wrong-result.ts';
import { wrongTimes } from './wrong-times.ts';

/** Every guarantee the suite judges. */
export const ALL_CHECKS: readonly Check[] = [
  lost,
  doubled,
  wrongResult,
  wrongTimes,
  capViolations,
  startedAfterCancel,
  leaked,
  missedEvents,
  wrongEvents,
  badAnswers,
  leftBehind,
  crashes,
  doubledBatches,
  lateLines,
  leakedLines,
  leftFiles,
  lostBatches,
  missedBatchEvents,
  repeatedLines,
  unverified,
  wrongBatchEvents,
  wrongEnds,
  wrongLineResults,
  wrongLines,
  wrongUsage,
];
