import type { BackendId, BudgetView, TenantId } from '@spillway/core';
import type { BudgetSpec } from '../deployment.ts';

/** Budgets of a deployment, for the whole run: what is promised is kept until it is spent or given back. */
export class Money {
  readonly #budgets: readonly { readonly spec: BudgetSpec; leftUsd: number }[];

  constructor(specs: readonly BudgetSpec[]) {
    this.#budgets = specs.map((spec) => ({ spec, leftUsd: spec.usd }));
  }

  views(): readonly BudgetView[] {
    return this.#budgets.map(({ spec: { name, backend, tenant }, leftUsd }) => ({
      name,
      leftUsd,
      ...(backend === undefined ? {} : { backendId: backend as BackendId }),
      ...(tenant === undefined ? {} : { tenantId: tenant as TenantId }),
    }));
  }

  /** Below 0 gives back. */
  take(backendId: BackendId, tenantId: TenantId, usd: number): void {
    if (usd === 0) return;
    for (const budget of this.#budgets) {
      const { backend, tenant } = budget.spec;
      if ((backend ?? backendId) === backendId && (tenant ?? tenantId) === tenantId) budget.leftUsd -= usd;
    }
  }
}
