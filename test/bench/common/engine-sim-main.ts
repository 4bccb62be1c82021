import { startEngineSim } from '@spillway/engine-sim';
import { answerParent } from './answer-parent.ts';
import { SAMPLE_MODEL } from './sample-job.ts';

// As many requests at once as the worker has slots, answered as fast as the simulator can.
const [slots = ''] = process.argv.slice(2);
const engine = await startEngineSim({
  speed: 'instant',
  modelName: SAMPLE_MODEL,
  maxNumSeqs: Number(slots),
  maxQueuedRequests: 4 * Number(slots),
  kvCapacityTokens: 10_000_000,
});

answerParent(
  async () => engine.url,
  () => engine.close(),
);
