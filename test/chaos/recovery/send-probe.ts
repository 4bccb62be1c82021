import { SpillwayError } from '@spillway/client';
import type { CreateJobInput, JobBody } from '@spillway/contracts';
import { isTerminal } from '@spillway/core';
import { wait } from '@spillway/service-kit';
import type { FaultRecord } from '../faults/fault.ts';
import type { ChaosHouse } from '../house/chaos-house.ts';
import type { WebhookReceiver } from '../load/webhook-receiver.ts';
import type { Probe } from './recovery-seconds.ts';
import { sendBatchProbe } from './send-batch-probe.ts';

export interface ProbeDeps {
  readonly house: ChaosHouse;
  readonly receiver: WebhookReceiver;
  /** Of one run: probes have keys of their own. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

const AGAIN_MS = 100;
const TOKENS = 8;
const LIFE_SECONDS = 240;
const HOLD_SECONDS = 2;

/** Submits the probes of a fault that has just ended, each pinned to what was hit, and waits until they are done. */
export const sendProbes = (fault: FaultRecord, deps: ProbeDeps): Promise<readonly Probe[]> =>
  Promise.all(
    throughOf(fault).map(async (through) => ({
      fault: fault.number,
      through,
      doneAtMs: await sendProbe(fault, through, deps),
    })),
  );

function throughOf({ process }: FaultRecord): readonly Probe['through'][] {
  if (process.startsWith('gpu-worker') || process === 'engine-sim') return ['local'];
  if (process.startsWith('cloud-worker') || process === 'provider-sim') return ['cloud'];
  if (process.startsWith('batch-worker')) return ['batch'];
  return process.startsWith('webhook-dispatcher') ? ['webhook'] : ['local', 'cloud'];
}

/**
 * The instant at which the probe was done, on the clock of the suite; Infinity when the signal came first. One that
 * fails, because another fault used up its attempts, is followed by the next.
 */
async function sendProbe(fault: FaultRecord, through: Probe['through'], deps: ProbeDeps): Promise<number> {
  for (let round = 1; !deps.signal.aborted; round += 1) {
    const key = `probe-${deps.seed}-${fault.number}-${through}-${round}`;
    const doneAtMs = await (through === 'batch' ? sendBatchProbe(key, deps) : sendOnce(key, through, deps));
    if (doneAtMs !== undefined) return doneAtMs;
  }
  return Infinity;
}

/** Undefined for a probe that was not completed. */
async function sendOnce(
  key: string,
  through: Exclude<Probe['through'], 'batch'>,
  { house, receiver, signal }: ProbeDeps,
): Promise<number | undefined> {
  const told = through === 'webhook' ? receiver.expectOnce(key, house.webhookSecret) : undefined;
  const input: CreateJobInput = {
    class: 'interactive',
    deadline_seconds: LIFE_SECONDS,
    attempt_timeout_seconds: 10,
    ...(through === 'cloud'
      ? { privacy: 'public', strategy: 'cloud_only' }
      : { privacy: 'local_only', strategy: 'self_hosted_only' }),
    ...(told && { webhook: { url: receiver.urlOf(key) } }),
    request: { model: 'auto', max_tokens: TOKENS, messages: [{ role: 'user', content: `Probe ${key}` }] },
  };
  let job = await untilAnswered(() => house.probe.submit(input, { idempotencyKey: key, signal }), signal);
  while (job !== undefined && !isTerminal(job.status)) {
    const { id } = job;
    job = await untilAnswered(() => house.probe.get(id, { waitSeconds: HOLD_SECONDS, signal }), signal);
  }
  if (job?.status !== 'completed') return undefined;
  if (told === undefined) return Date.now();
  const ended = Promise.withResolvers<number>();
  signal.addEventListener('abort', () => ended.resolve(Infinity), { once: true });
  return Promise.race([told, ended.promise]);
}

async function untilAnswered(
  call: () => Promise<JobBody>,
  signal: AbortSignal,
): Promise<JobBody | undefined> {
  while (!signal.aborted) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof SpillwayError) && !signal.aborted) throw error;
      await wait(AGAIN_MS, signal);
    }
  }
  return undefined;
}
