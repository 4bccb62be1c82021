import { newWebhookSecret } from '@spillway/webhook-signing';
import { wait } from '@spillway/service-kit';
import type { ChaosHouse } from '../house/chaos-house.ts';
import type { History } from '../history/history.ts';
import { driveJob } from './drive-job.ts';
import type { PlannedJob } from './planned-job.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

/** Submits every job at its time and resolves when every client is done with its own, or the signal aborts. */
export async function driveLoad(
  plans: readonly PlannedJob[],
  house: ChaosHouse,
  receiver: WebhookReceiver,
  history: History,
  signal: AbortSignal,
): Promise<void> {
  const beganAtMs = performance.now();
  const ownSecret = newWebhookSecret();
  await Promise.all(
    plans.map(async (plan) => {
      const client = house.clients[plan.tenant];
      if (client === undefined) throw new RangeError(`no tenant ${plan.tenant}`);
      if ((await wait(Math.max(0, plan.atMs - (performance.now() - beganAtMs)), signal)) === 'aborted')
        return;
      const { hook } = plan;
      if (hook) receiver.expect(plan.key, hook.ownSecret ? ownSecret : house.webhookSecret, hook.reception);
      const webhook = hook && {
        url: receiver.urlOf(plan.key),
        ...(hook.ownSecret && { secret: ownSecret }),
        ...(hook.events && { events: [...hook.events] }),
      };
      await driveJob(plan, { client, history, webhook, signal });
    }),
  );
}
