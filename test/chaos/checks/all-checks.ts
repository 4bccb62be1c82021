import { badAnswers } from './bad-answers.ts';
import { capViolations } from './cap-violations.ts';
import { crashes } from './crashes.ts';
import { doubled } from './doubled.ts';
import { leaked } from './leaked.ts';
import { leftBehind } from './left-behind.ts';
import { lost } from './lost.ts';
import { missedEvents } from './missed-events.ts';
import { startedAfterCancel } from './started-after-cancel.ts';
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
];
