import { hasBatchEnded } from '@spillway/core';
import { wait } from '@spillway/service-kit';
import { planLine } from '../load/plan-lines.ts';
import { untilAnswered } from '../load/until-answered.ts';
import { createRandom } from '../../src/random.ts';
import type { ProbeDeps } from './send-probe.ts';

const LOOK_MS = 100;

/** Submits a batch of one line and waits for its end; gives the instant, undefined for one that was not completed. */
export async function sendBatchProbe(
  key: string,
  { house, seed, signal }: Pick<ProbeDeps, 'house' | 'seed' | 'signal'>,
): Promise<number | undefined> {
  const client = house.batchProbe;
  const line = planLine(createRandom(seed), key, 0, 'mixed');
  const plan = { key, lines: [line] };
  const ask = <Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> =>
    untilAnswered({ onRefusal: () => {}, signal }, call);
  const fileId = await ask(() => client.upload(plan, signal));
  if (fileId === undefined) return undefined;
  const request = { input_file_id: fileId, completion_window: '24h', privacy: 'auto' } as const;
  let batch = await ask(() => client.create(request, key, signal));
  while (batch !== undefined && !hasBatchEnded(batch.status)) {
    const { id } = batch;
    await wait(LOOK_MS, signal);
    batch = await ask(() => client.get(id, signal));
  }
  return batch?.status === 'completed' ? Date.now() : undefined;
}
