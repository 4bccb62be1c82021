// One child: simulates what it is asked for.
import { DEFAULT_POLICY, JOB_CLASSES, RTX_4090 } from '@spillway/core';
import {
  bundledTrace,
  type Outcomes,
  overflowDeployment,
  parsePolicy,
  type Policy,
  readTrace,
  shapeTrace,
  simulate,
  spillway,
} from '@spillway/simulation';
import { answerParent } from '../common/answer-parent.ts';
import type { OverflowAnswer, OverflowAsk, PinnedMisses } from './overflow-ask.ts';

const trace = await readTrace(bundledTrace('azure-2023-conversation'));
if (!trace.ok) throw new Error(trace.error);
const { records } = trace.value;

answerParent(async (ask: OverflowAsk): Promise<OverflowAnswer> => {
  const { seed, load, mix, pinned, powerLimitPercent, late } = ask;
  const { report, outcomes } = simulate(
    shapeTrace(records, { seed, load, mix, pinned }),
    overflowDeployment(1, powerLimitPercent),
    policyOf(ask),
    { seed, late },
  );
  const { classes, cloud, energy, flips } = report;
  return {
    missed: {
      interactive: classes['interactive']?.missedShare ?? 0,
      standard: classes['standard']?.missedShare ?? 0,
      batch: classes['batch']?.missedShare ?? 0,
    },
    pinned: pinnedMisses(outcomes),
    p99InteractiveSeconds: classes['interactive']?.latency.p99 ?? 0,
    cloudShare: cloud.share,
    usd: cloud.usd,
    usdPerHour: cloud.usdPerHour,
    kwh: energy.kwh,
    flips,
  };
});

function policyOf({ policy, margin }: OverflowAsk): Policy {
  if (margin !== undefined) {
    const { overflow } = DEFAULT_POLICY;
    const margins = { ...overflow.margin, ...margin };
    return spillway({ scheduling: { ...DEFAULT_POLICY, overflow: { ...overflow, margin: margins } } });
  }
  const parsed = parsePolicy(policy);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const AT_ONCE_MS = 1000;

function pinnedMisses(outcomes: Outcomes): PinnedMisses {
  const { length, jobClass, pinned, arrivedAtMs, beganAtMs, finishedAtMs, deadlineAtMs } = outcomes;
  const found = { jobs: 0, missed: 0, missedInteractive: 0, impossible: 0, slow: 0 };
  for (let index = 0; index < length; index += 1) {
    if (pinned[index] !== 1) continue;
    found.jobs += 1;
    if (at(finishedAtMs, index) < at(deadlineAtMs, index)) continue;
    found.missed += 1;
    if (JOB_CLASSES[jobClass[index] ?? 0] === 'interactive') found.missedInteractive += 1;
    const wholeMs = at(deadlineAtMs, index) - at(arrivedAtMs, index);
    if (aloneMs(outcomes, index) > wholeMs) found.impossible += 1;
    else if (at(beganAtMs, index) - at(arrivedAtMs, index) <= AT_ONCE_MS) found.slow += 1;
  }
  return found;
}

/** How long the job would take with the engine to itself, at full power. */
const aloneMs = ({ inputTokens, outputTokens }: Outcomes, index: number): number =>
  (inputTokens[index] ?? 0) * RTX_4090.perPrefillTokenMs +
  (outputTokens[index] ?? 0) * (RTX_4090.baseMs + RTX_4090.perSequenceMs);

const at = (column: Float64Array, index: number): number => column[index] ?? Number.NaN;
