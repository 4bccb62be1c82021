import { localBackendSchema } from '@spillway/contracts';
import { DEFAULT_SIM_MODEL, startEngineSim } from '@spillway/engine-sim';
import { createLocalBackend } from '../create-backend.ts';
import { servedEndpoints } from '../served-endpoints.ts';
import { inferenceBackendContract } from '../testing/inference-backend-contract.ts';
import { closedUrl } from '../testing/start-http-server.ts';

const at = (url: string) =>
  createLocalBackend(localBackendSchema.parse({ kind: 'vllm', url, models: { m: DEFAULT_SIM_MODEL } }), {
    nowMs: Date.now,
  });

inferenceBackendContract(
  'engine',
  { broken: 'engine-lost', served: servedEndpoints('vllm') },
  async (speed) => {
    const sim = await startEngineSim({ speed });
    return {
      backend: at(sim.url),
      unreachable: at(await closedUrl()),
      simUrl: sim.url,
      model: DEFAULT_SIM_MODEL,
      [Symbol.asyncDispose]: () => sim.close(),
    };
  },
);
