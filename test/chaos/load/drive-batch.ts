import type { BatchObject, WebhookTarget } from '@spillway/contracts';
import { hasBatchEnded } from '@spillway/core';
import { wait } from '@spillway/service-kit';
import type { BatchEntry, History } from '../history/history.ts';
import type { BatchChange, BatchClient } from './batch-client.ts';
import type { PlannedBatch } from './planned-batch.ts';
import { untilAnswered } from './until-answered.ts';

export interface DriveBatchDeps {
  readonly client: BatchClient;
  readonly history: History;
  readonly webhook: WebhookTarget | undefined;
  /** Ends whatever is still tried. */
  readonly signal: AbortSignal;
}

const POLL_MS = 500;

/** One client with one batch: uploads and submits it, does to it what is planned, and watches it to its end. */
export async function driveBatch(plan: PlannedBatch, deps: DriveBatchDeps): Promise<void> {
  const id = await submit(plan, deps);
  if (id !== undefined) await Promise.all([interfere(plan, id, deps), watch(plan, id, deps)]);
}

async function submit(plan: PlannedBatch, deps: DriveBatchDeps): Promise<string | undefined> {
  const { client, history, webhook, signal } = deps;
  const { key, completionWindow, privacy } = plan;
  const fileId = await ask(plan, 'upload', deps, () => client.upload(plan, signal));
  if (fileId === undefined) return undefined;
  const request = {
    input_file_id: fileId,
    completion_window: completionWindow,
    privacy,
    metadata: { key },
    webhook,
  };
  const batch = await ask(plan, 'create', deps, () => {
    history.note({ key, what: 'batch-submitting' });
    return client.create(request, key, signal);
  });
  if (batch !== undefined) history.note({ key, what: 'batch-accepted', batch });
  return batch?.id;
}

async function interfere(plan: PlannedBatch, id: string, deps: DriveBatchDeps): Promise<void> {
  const { course } = plan;
  if (course.kind !== 'cancelled' && course.kind !== 'paused') return;
  if ((await wait(course.afterMs, deps.signal)) === 'aborted') return;
  await change(plan, id, course.kind === 'cancelled' ? 'cancel' : 'pause', deps);
  if (course.kind !== 'paused' || (await wait(course.forMs, deps.signal)) === 'aborted') return;
  await change(plan, id, 'resume', deps);
}

async function change(
  plan: PlannedBatch,
  id: string,
  what: BatchChange,
  deps: DriveBatchDeps,
): Promise<void> {
  const { client, history, signal } = deps;
  const batch = await ask(plan, what, deps, () => {
    history.note({ key: plan.key, what: 'batch-changing', change: what });
    return client.change(id, what, signal);
  });
  if (batch !== undefined) history.note({ key: plan.key, what: 'batch-changed', change: what, batch });
}

/** Notes the batch as often as it looks another way. */
async function watch(plan: PlannedBatch, id: string, deps: DriveBatchDeps): Promise<void> {
  const { client, history, signal } = deps;
  let last = '';
  for (;;) {
    const batch = await ask(plan, 'read', deps, () => client.get(id, signal));
    if (batch === undefined) return;
    const look = lookOf(batch);
    if (look !== last) history.note({ key: plan.key, what: 'batch-seen', batch });
    last = look;
    if (hasBatchEnded(batch.status)) return;
    if ((await wait(POLL_MS, signal)) === 'aborted') return;
  }
}

const lookOf = ({ status, paused, request_counts: counts }: BatchObject): string =>
  JSON.stringify([status, paused, counts]);

const ask = <Answer>(
  { key }: PlannedBatch,
  of: Extract<BatchEntry, { what: 'batch-refused' }>['of'],
  { history, signal }: Pick<DriveBatchDeps, 'history' | 'signal'>,
  call: () => Promise<Answer>,
): Promise<Answer | undefined> =>
  untilAnswered(
    { onRefusal: (refusal) => history.note({ key, what: 'batch-refused', of, refusal }), signal },
    call,
  );
