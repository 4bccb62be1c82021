import { newWebhookSecret } from '@spillway/webhook-signing';
import { wait } from '@spillway/service-kit';
import type { History } from '../history/history.ts';
import type { ChaosHouse } from '../house/chaos-house.ts';
import { driveBatch } from './drive-batch.ts';
import type { PlannedBatch } from './planned-batch.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

/** Submits every batch at its time and resolves when every client is done with its own, or the signal aborts. */
export async function driveBatches(
  plans: readonly PlannedBatch[],
  house: ChaosHouse,
  receiver: WebhookReceiver,
  history: History,
  signal: AbortSignal,
): Promise<void> {
  const ownSecret = newWebhookSecret();
  await Promise.all(
    plans.map(async (plan) => {
      const client = house.batchClients[plan.tenant];
      if (client === undefined) throw new RangeError(`no tenant ${plan.tenant}`);
      if ((await wait(plan.atMs, signal)) === 'aborted') return;
      const { hook } = plan;
      if (hook) receiver.expect(plan.key, hook.ownSecret ? ownSecret : house.webhookSecret, hook.reception);
      const webhook = hook && {
        url: receiver.urlOf(plan.key),
        ...(hook.ownSecret && { secret: ownSecret }),
      };
      await driveBatch(plan, { client, history, webhook, signal });
    }),
  );
}
