import type { TenantId } from '../id/name.ts';

/** How long the answers of one (tenant, model, task) are, in tokens, learned from usage. */
export interface OutputLength {
  readonly p50: number;
  readonly p90: number;
  readonly mean: number;
  readonly samples: number;
}

/** Where a length is kept; `*` stands for any tenant or any task. */
export const outputLengthKey = (tenantId: TenantId | '*', model: string, task: string): string =>
  `${tenantId} ${encodeURIComponent(model)} ${task}`;

/** Lengths by `outputLengthKey`. */
export type OutputLengths = ReadonlyMap<string, OutputLength>;

/** What an answer is taken for until anything is known of its kind: the mean of a published trace (Azure, 2023). */
export const UNKNOWN_LENGTH: OutputLength = { p50: 211, p90: 600, mean: 211, samples: 0 };

/** So many answers, and a length is believed. */
const ENOUGH = 8;

/** Finds lengths for one plan or one answer; each is looked up once. */
export interface LengthBook {
  /**
   * The most particular length that is known from enough answers: of this tenant's task, of the tenant, of the model;
   * never above `mostTokens`, the most the request allows. A request that allows none (embeddings) has none.
   */
  predict(tenantId: TenantId | '*', model: string, task: string, mostTokens: number): OutputLength;
}

export function openLengthBook(lengths: OutputLengths): LengthBook {
  const models = new Map<string, ModelLengths>();
  return {
    predict: (tenantId, model, task, mostTokens) => {
      if (lengths.size === 0) return bounded(UNKNOWN_LENGTH, mostTokens);
      let known = models.get(model);
      if (known === undefined) {
        known = openModelLengths(lengths, model);
        models.set(model, known);
      }
      return bounded(known(tenantId, task), mostTokens);
    },
  };
}

type ModelLengths = (tenantId: TenantId | '*', task: string) => OutputLength;

interface TenantLengths {
  readonly whole: OutputLength;
  tasks: Map<string, OutputLength> | undefined;
}

/** Of one model, each tenant's and each task's looked up once: a plan asks for every lane and every job of its head. */
function openModelLengths(lengths: OutputLengths, model: string): ModelLengths {
  const known = (tenantId: TenantId | '*', task: string): OutputLength | undefined =>
    enough(lengths.get(outputLengthKey(tenantId, model, task)));
  const ofAll = known('*', '*') ?? UNKNOWN_LENGTH;
  const byTenant = new Map<TenantId | '*', TenantLengths>();
  return (tenantId, task) => {
    let tenant = byTenant.get(tenantId);
    if (tenant === undefined) {
      tenant = { whole: known(tenantId, '*') ?? ofAll, tasks: undefined };
      byTenant.set(tenantId, tenant);
    }
    if (task === '*') return tenant.whole;
    tenant.tasks ??= new Map();
    let length = tenant.tasks.get(task);
    if (length === undefined) {
      length = known(tenantId, task) ?? tenant.whole;
      tenant.tasks.set(task, length);
    }
    return length;
  };
}

const bounded = (length: OutputLength, mostTokens: number): OutputLength =>
  length.p90 <= mostTokens && length.mean <= mostTokens ? length : atMost(length, mostTokens);

/** One length, for those who ask once. */
export const predictOutput = (
  lengths: OutputLengths,
  tenantId: TenantId | '*',
  model: string,
  task: string,
  mostTokens: number,
): OutputLength => openLengthBook(lengths).predict(tenantId, model, task, mostTokens);

const atMost = ({ p50, p90, mean, samples }: OutputLength, mostTokens: number): OutputLength => ({
  p50: Math.min(p50, mostTokens),
  p90: Math.min(p90, mostTokens),
  mean: Math.min(mean, mostTokens),
  samples,
});

const enough = (length: OutputLength | undefined): OutputLength | undefined =>
  length !== undefined && length.samples >= ENOUGH ? length : undefined;
