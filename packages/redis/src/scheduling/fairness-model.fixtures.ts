import {
  type BackendId,
  BURST_CREDIT,
  type JobEvent,
  type JobLife,
  type JobState,
  isTerminal,
  type TenantId,
  transition,
} from '@spillway/core';
import { type Attempted, chargeOf } from '../jobs/charge-model.fixtures.ts';

interface ModelJob {
  readonly tenantId: TenantId;
  readonly life: JobLife;
  readonly charge: number;
  readonly weight: number;
}

/** What counters must be after jobs have moved: told from the moves alone, by job number. */
export function createFairnessModel() {
  const jobs: ModelJob[] = [];
  const counters = new Map<TenantId, number>();
  /** What tenants count for where others begin; says nothing of one that nothing waits of. */
  const scores = new Map<TenantId, number>();
  let last: TenantId | undefined;
  /** What it counted for just before it was served. */
  let lastScore = 0;
  const counterOf = (tenantId: TenantId | undefined): number =>
    tenantId === undefined ? 0 : (counters.get(tenantId) ?? 0);
  const tenantsWith = (has: (kind: JobState['kind']) => boolean): readonly TenantId[] => [
    ...new Set(jobs.filter(({ life }) => has(life.state.kind)).map(({ tenantId }) => tenantId)),
  ];
  const waiting = (): readonly TenantId[] => tenantsWith((kind) => kind === 'queued');
  const scoreOf = (tenantId: TenantId): number => scores.get(tenantId) ?? 0;
  const base = (): number => {
    const tenants = waiting();
    return tenants.length > 0 ? Math.min(...tenants.map(scoreOf)) : Math.max(counterOf(last), lastScore);
  };
  /** Call it before a job of the tenant waits. */
  const welcome = (tenantId: TenantId): void => {
    if (waiting().includes(tenantId)) return;
    scores.set(tenantId, Math.max(counterOf(tenantId), base()));
    counters.set(tenantId, Math.max(counterOf(tenantId), base() - BURST_CREDIT));
  };
  const apply = (number: number, event: JobEvent, attempted: Partial<Attempted> = {}): void => {
    const job = jobs[number];
    const moved = job && transition(job.life, event);
    if (job === undefined || !moved?.ok) return;
    if (moved.value.state.kind === 'queued') welcome(job.tenantId);
    const added = chargeOf(job.life.state, event, { ...job, ...attempted });
    counters.set(job.tenantId, Math.max(0, counterOf(job.tenantId) + added));
    scores.set(job.tenantId, Math.max(scoreOf(job.tenantId), counterOf(job.tenantId)));
    jobs[number] = { ...job, life: moved.value };
  };
  return {
    jobs,
    submit: (tenantId: TenantId): void => {
      welcome(tenantId);
      const state = { kind: 'queued', availableAtMs: 0 } as const;
      jobs.push({ tenantId, life: { state, fence: 0, attempts: 0, rescues: 0 }, charge: 0, weight: 1 });
    },
    dispatch: (number: number, backendId: BackendId, charge: number, weight: number): void => {
      const job = jobs[number];
      if (job === undefined) return;
      jobs[number] = { ...job, charge, weight };
      lastScore = scoreOf(job.tenantId);
      apply(number, { kind: 'dispatched', backendId, atMs: 0 });
      last = job.tenantId;
    },
    apply,
    forget: (): void => {
      const live = tenantsWith((kind) => !isTerminal(kind));
      const begin = Math.max(0, base() - BURST_CREDIT);
      for (const [tenantId, counter] of counters) {
        const says = live.includes(tenantId) || tenantId === last || counter > begin;
        if (!says) counters.delete(tenantId);
      }
    },
    expected: () => ({
      counters: Object.fromEntries(counters),
      active: Object.fromEntries(waiting().map((tenantId) => [tenantId, scoreOf(tenantId)])),
    }),
  };
}
