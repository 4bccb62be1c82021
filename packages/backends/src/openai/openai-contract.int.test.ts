import { cloudBackendSchema } from '@spillway/contracts';
import { startProviderSim } from '@spillway/engine-sim';
import { createCloudBackend } from '../create-backend.ts';
import { createPriceList } from '../prices/price-list.ts';
import { servedEndpoints } from '../served-endpoints.ts';
import { inferenceBackendContract } from '../testing/inference-backend-contract.ts';
import { closedUrl } from '../testing/start-http-server.ts';

const MODEL = 'simulated-small';

function at(kind: 'openai' | 'openai-compatible', url: string) {
  const models = { m: MODEL };
  const config = cloudBackendSchema.parse({ kind, url, api_key: 'k', models });
  return createCloudBackend(config, { nowMs: Date.now, prices: createPriceList(config) });
}

for (const kind of ['openai', 'openai-compatible'] as const) {
  inferenceBackendContract(
    kind,
    { broken: 'backend-unreachable', served: servedEndpoints(kind) },
    async (speed) => {
      const sim = await startProviderSim({ speed });
      return {
        backend: at(kind, sim.openaiBaseUrl),
        unreachable: at(kind, await closedUrl()),
        simUrl: sim.url,
        model: MODEL,
        [Symbol.asyncDispose]: () => sim.close(),
      };
    },
  );
}
