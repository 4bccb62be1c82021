// One child: simulates what it is asked for.
import { bundledTrace, parsePolicy, readTrace } from '@spillway/simulation';
import { answerParent } from '../common/answer-parent.ts';
import type { ScaleAnswer, ScaleAsk } from './scale-ask.ts';
import { simulateCells } from './simulate-cells.ts';

const trace = await readTrace(bundledTrace('azure-2023-conversation'));
if (!trace.ok) throw new Error(trace.error);
const { records } = trace.value;

answerParent(async (ask: ScaleAsk): Promise<ScaleAnswer> => {
  const policy = parsePolicy(ask.policy);
  if (!policy.ok) throw new Error(policy.error);
  return simulateCells(records, ask, policy.value);
});
