import { BURST_CREDIT, type TenantId } from '@spillway/core';
import { newJob, noLimit, tenant } from '../jobs/job-life.fixtures.ts';
import { definePlants, type DriftingCell, lane } from './drifting-cell.fixtures.ts';

const CHARGED = 30_000;

/** Drift of who counts where a tenant begins. */
export const PLANTS_OF_FAIRNESS = definePlants({
  'tenant-lanes-missing': async (cell) => {
    await waitingAndCharged(cell);
    await cell.redis.srem(cell.key(`tenant:${tenant}:lanes`), lane);
    const observe = async (): Promise<number> => {
      const pinned = await cell.queued({ lane: { ...newJob().lane, pinned: true } });
      await cell.life.cancel(pinned.id, tenant);
      return counterOfNewcomer(cell);
    };
    return { subject: lane, audited: ['active-stray'], healthy: CHARGED - BURST_CREDIT, observe };
  },
  'tenant-lanes-stray': async (cell) => {
    await dispatchedForMuch(cell);
    const stray = `standard:other:${tenant}:open`;
    await cell.redis.sadd(cell.key(`tenant:${tenant}:lanes`), stray);
    const observe = async (): Promise<number> => {
      await cell.queued();
      return counterOfNewcomer(cell);
    };
    return { subject: stray, healthy: CHARGED - BURST_CREDIT, observe };
  },
  'active-missing': async (cell) => {
    await waitingAndCharged(cell);
    await cell.redis.zrem(cell.key('fairness:active'), tenant);
    return { subject: tenant, healthy: CHARGED - BURST_CREDIT, observe: () => counterOfNewcomer(cell) };
  },
  'active-misplaced': async (cell) => {
    await waitingAndCharged(cell);
    await cell.redis.zadd(cell.key('fairness:active'), 0, tenant);
    return { subject: tenant, healthy: CHARGED - BURST_CREDIT, observe: () => counterOfNewcomer(cell) };
  },
  'active-stray': async (cell) => {
    await waitingAndCharged(cell);
    await cell.redis.zadd(cell.key('fairness:active'), 0, 'gone');
    return { subject: 'gone', healthy: CHARGED - BURST_CREDIT, observe: () => counterOfNewcomer(cell) };
  },
});

/** The cell's own tenant has been charged more than a burst is given. */
async function dispatchedForMuch({ queued, life }: DriftingCell): Promise<void> {
  await life.dispatch(life.assignment(await queued(), { charge: CHARGED }));
}

/** And a job of it waits. */
async function waitingAndCharged(cell: DriftingCell): Promise<void> {
  await dispatchedForMuch(cell);
  await cell.queued();
}

/** Where a tenant begins that comes while the cell's own one has been charged so much and waits. */
async function counterOfNewcomer({ redis, key, life }: DriftingCell): Promise<number> {
  const newcomer = 'newcomer' as TenantId;
  // So that it is not the one served last that counts.
  await redis.del(key('fairness:last'));
  await life.submit(newJob({ lane: { ...newJob().lane, tenantId: newcomer } }), noLimit, undefined);
  return Number(await redis.hget(key('fairness'), newcomer));
}
