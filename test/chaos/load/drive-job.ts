import type { CreateJobInput, JobBody } from '@spillway/contracts';
import type { SpillwayClient } from '@spillway/client';
import { isTerminal, type JobId } from '@spillway/core';
import { wait } from '@spillway/service-kit';
import type { History, JobEntry } from '../history/history.ts';
import type { PlannedJob } from './planned-job.ts';
import { untilAnswered } from './until-answered.ts';

export interface DriveDeps {
  readonly client: SpillwayClient;
  readonly history: History;
  readonly webhook: CreateJobInput['webhook'];
  /** Ends whatever is still tried. */
  readonly signal: AbortSignal;
}

const POLL_MS = 1_000;
const LONG_POLL_SECONDS = 5;

/** One client with one job: submits it until it is accepted, cancels it if planned, and watches it to its end. */
export async function driveJob(plan: PlannedJob, deps: DriveDeps): Promise<void> {
  const ids = await Promise.all([submit(plan, deps), ...(plan.twice ? [submit(plan, deps)] : [])]);
  const id = ids.find((one) => one !== undefined);
  if (id === undefined) return;
  await Promise.all([cancelLater(plan, id, deps), submitAgain(plan, deps), watch(plan, id, deps)]);
}

async function submit(plan: PlannedJob, deps: DriveDeps): Promise<JobId | undefined> {
  const { client, history, signal, webhook } = deps;
  const input = { ...plan.input, ...(webhook && { webhook }) };
  const record = await ask(plan.key, 'submit', deps, () => {
    history.note({ key: plan.key, what: 'submitting' });
    return client.submit(input, { idempotencyKey: plan.key, signal });
  });
  if (record !== undefined) history.note({ key: plan.key, what: 'accepted', record });
  return record?.id;
}

async function submitAgain(plan: PlannedJob, deps: DriveDeps): Promise<void> {
  if (plan.againAfterMs === undefined) return;
  if ((await wait(plan.againAfterMs, deps.signal)) === 'elapsed') await submit(plan, deps);
}

async function cancelLater(plan: PlannedJob, id: JobId, deps: DriveDeps): Promise<void> {
  const { client, history, signal } = deps;
  if (plan.cancelAfterMs === undefined) return;
  if ((await wait(plan.cancelAfterMs, signal)) === 'aborted') return;
  const record = await ask(plan.key, 'cancel', deps, () => {
    history.note({ key: plan.key, what: 'cancelling', id });
    return client.cancel(id, { signal });
  });
  if (record !== undefined) history.note({ key: plan.key, what: 'cancel-answered', record });
}

async function watch(plan: PlannedJob, id: JobId, deps: DriveDeps): Promise<void> {
  const { client, history, signal } = deps;
  if (plan.watch === 'not-at-all') return;
  const holding = plan.watch === 'long-poll' ? { waitSeconds: LONG_POLL_SECONDS } : {};
  let status = '';
  for (;;) {
    const record = await ask(plan.key, 'read', deps, () => client.get(id, { signal, ...holding }));
    if (record === undefined) return;
    if (record.status !== status) history.note({ key: plan.key, what: 'seen', record });
    status = record.status;
    if (isTerminal(record.status)) return;
    if ((await wait(plan.watch === 'poll' ? POLL_MS : 1, signal)) === 'aborted') return;
  }
}

const ask = (
  key: string,
  of: Extract<JobEntry, { what: 'refused' }>['of'],
  { history, signal }: Pick<DriveDeps, 'history' | 'signal'>,
  call: () => Promise<JobBody>,
): Promise<JobBody | undefined> =>
  untilAnswered(
    { onRefusal: (refusal) => history.note({ key, what: 'refused', of, refusal }), signal },
    call,
  );
