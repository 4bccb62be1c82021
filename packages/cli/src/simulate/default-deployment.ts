import { RTX_4090, TYPICAL_CLOUD } from '@spillway/core';
import { DEFAULT_MODEL } from '@spillway/simulation';
import type { SimulatedDeployment } from './deployment-of.ts';

/** One RTX 4090 with an 8B model and a small cloud model: what a simulation runs on when nobody names backends. */
export const DEFAULT_DEPLOYMENT: SimulatedDeployment = {
  deployment: {
    backends: [
      {
        location: 'local',
        id: 'gpu-0',
        slots: 48,
        engine: { kind: 'batching', profile: RTX_4090, maxSequences: 48, kvCapacityTokens: 40_000 },
        usdPerKwh: 0.3,
      },
      {
        location: 'cloud',
        id: 'cloud',
        slots: 256,
        price: { inputUsdPerMillion: 0.15, outputUsdPerMillion: 0.6 },
        latency: TYPICAL_CLOUD,
      },
    ],
    modelGroups: { [DEFAULT_MODEL]: [DEFAULT_MODEL] },
  },
  model: DEFAULT_MODEL,
  assumptions: [
    'no --backends: one RTX 4090 with an 8B model, and a cloud at $0.15 in and $0.60 out per million tokens',
  ],
};
