// One child: simulates what it is asked for.
import { type BundledTrace, bundledTrace, readTrace, type Trace } from '@spillway/simulation';
import { answerParent } from '../common/answer-parent.ts';
import type { FairnessAnswer, FairnessAsk } from './fairness-ask.ts';
import { simulateAttack } from './simulate-attack.ts';
import { simulateTrace } from './simulate-trace.ts';

const clients = await open('vtc-27-clients');
const conversations = await open('azure-2023-conversation');

answerParent(async (ask: FairnessAsk): Promise<FairnessAnswer> =>
  ask.kind === 'trace' ? simulateTrace(clients, ask) : simulateAttack(conversations, ask),
);

async function open(name: BundledTrace): Promise<Trace> {
  const read = await readTrace(bundledTrace(name));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}
