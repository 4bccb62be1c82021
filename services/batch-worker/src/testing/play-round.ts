import type { BatchRecord, Claim } from '@spillway/redis';
import type { TurnDeps } from '../turns/turn.ts';
import { workOnBatch } from '../work-on-batch.ts';
import { expireNow } from './expire-now.ts';
import type { BatchHouse } from './open-batch-house.ts';
import type { PlayEngine } from './play-engine.ts';

/** What somebody may do to a batch while it runs. */
export const INTERFERENCES = ['nothing', 'cancel', 'expire', 'pause', 'cancel a job'] as const;

interface Interference {
  /** The round in which it is done; a pause ends five rounds later. */
  readonly round: number;
  readonly interference: (typeof INTERFERENCES)[number];
}

const MOST_ROUNDS = 400;
const NEVER = new AbortController().signal;

/** Does to a batch what is planned for this round. Throws when it has had too many of them. */
export async function interfere(
  house: BatchHouse,
  engine: PlayEngine,
  { id, tenantId }: Pick<BatchRecord, 'id' | 'tenantId'>,
  { round, interference }: Interference,
  now: number,
  running: readonly Claim[],
): Promise<void> {
  if (now > MOST_ROUNDS) throw new Error(`no end: ${JSON.stringify(await house.one(id))}`);
  if (now === round + 5 && interference === 'pause') await house.batches.setPaused(id, tenantId, false);
  if (now !== round) return;
  if (interference === 'cancel') await house.batches.requestCancel(id, tenantId);
  if (interference === 'expire') await expireNow(house, id);
  if (interference === 'pause') await house.batches.setPaused(id, tenantId, true);
  if (interference === 'cancel a job' && running[0] !== undefined) {
    await engine.cancel(running[0].lease.jobId);
  }
}

/** A worker does what there is to do for a batch; sometimes its lease runs out meanwhile, and another goes on beside it. */
export async function playWorkers(
  house: BatchHouse,
  id: BatchRecord['id'],
  deps: TurnDeps,
  random: (below: number) => number,
): Promise<void> {
  await house.makeDue(id);
  const taking = await house.work.take(10_000);
  const working = taking.kind === 'taken' ? [workOnBatch(deps, taking.lease, NEVER)] : [];
  if (random(4) === 0) {
    await house.makeDue(id);
    const other = await house.work.take(10_000);
    if (other.kind === 'taken') working.push(workOnBatch(house.deps, other.lease, NEVER));
  }
  await Promise.all(working);
}
