import { cloudBackendSchema } from '@spillway/contracts';
import { startProviderSim } from '@spillway/engine-sim';
import { createCloudBackend } from '../create-backend.ts';
import { createPriceList } from '../prices/price-list.ts';
import { inferenceBackendContract } from '../testing/inference-backend-contract.ts';
import { closedUrl } from '../testing/start-http-server.ts';

const MODEL = 'simulated-small';

function at(url: string) {
  const models = { m: MODEL };
  const config = cloudBackendSchema.parse({ kind: 'openai', url, api_key: 'k', models });
  return createCloudBackend(config, { nowMs: Date.now, prices: createPriceList(config) });
}

inferenceBackendContract('openai', 'backend-unreachable', async () => {
  const sim = await startProviderSim();
  return {
    backend: at(sim.openaiBaseUrl),
    unreachable: at(await closedUrl()),
    simUrl: sim.url,
    model: MODEL,
    [Symbol.asyncDispose]: () => sim.close(),
  };
});
