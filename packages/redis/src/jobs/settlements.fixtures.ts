import { USAGE } from './charge-model.fixtures.ts';
import { gpu, LATER_MS, type Outcome, reason } from './job-model.fixtures.ts';
import type { Settlement } from './settle-job.ts';

const backendFault = { blamed: false, coolForMs: 0 };
const retryAt = (availableAtMs: number): Settlement => ({
  kind: 'retry',
  reason,
  availableAtMs,
  exclude: undefined,
  backendFault,
});

/** How a worker tells the store each outcome of the model. */
export const SETTLEMENTS: Readonly<Record<Outcome, Settlement>> = {
  completed: {
    kind: 'completed',
    statusCode: 200,
    body: { answer: 42 },
    usage: USAGE,
    servedBy: { backend: gpu, location: 'local', model: 'small', simulated: true },
  },
  failed: { kind: 'failed', reason, backendFault },
  'retry at once': retryAt(0),
  'retry later': retryAt(LATER_MS),
  crashed: { kind: 'crashed', reason, availableAtMs: 0, backendFault },
  expired: { kind: 'expired' },
  returned: { kind: 'returned' },
};
