import type { LocalBackend } from '@spillway/backends';
import type { LocalBackendConfig } from '@spillway/contracts';
import type { AttemptOutcome } from '@spillway/core';
import type { EnergyMeter } from '@spillway/gpu';
import type { Claim } from '@spillway/redis';

export interface RunOnEngineDeps {
  readonly config: () => LocalBackendConfig;
  readonly backend: () => LocalBackend;
  readonly energy: EnergyMeter;
  readonly nowMs: () => number;
}

/** Joules in a kilowatt-hour. */
const JOULES_PER_KWH = 3_600_000;

/** One attempt at the local engine; its share of the GPU's energy, and what that cost, are added to the usage. */
export function createRunOnEngine({ config, backend, energy, nowMs }: RunOnEngineDeps) {
  return async (claim: Claim, signal: AbortSignal): Promise<AttemptOutcome> => {
    const { models, electricity_usd_per_kwh: usdPerKwh } = config();
    const model = models[claim.model];
    if (model === undefined) {
      const detail = `this backend no longer serves ${claim.model}`;
      return { kind: 'failed', reason: { kind: 'model-not-found', detail } };
    }
    const handle = energy.begin(nowMs());
    let joules: number | undefined;
    let outcome: AttemptOutcome;
    try {
      const request = { endpoint: claim.features.endpoint, model, body: claim.request };
      outcome = await backend().run(request, { signal, tenantId: claim.tenantId });
    } finally {
      // also for an adapter that throws: an attempt left open would share in the power for ever
      joules = energy.end(handle, nowMs());
    }
    if (outcome.kind !== 'completed' || joules === undefined) return outcome;
    const costMicroUsd = usdPerKwh === undefined ? 0 : Math.ceil((joules / JOULES_PER_KWH) * usdPerKwh * 1e6);
    return { ...outcome, usage: { ...outcome.usage, energyJoules: joules, costMicroUsd } };
  };
}
