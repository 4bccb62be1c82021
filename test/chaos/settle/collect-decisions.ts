import { SpillwayError, type SpillwayClient } from '@spillway/client';
import type { JobFacts } from '../history/facts.ts';
import type { History } from '../history/history.ts';

/** Notes why each of these jobs went where it went, while there is still somebody to ask. */
export async function collectDecisions(
  clients: readonly SpillwayClient[],
  jobs: readonly JobFacts[],
  history: History,
  signal: AbortSignal,
): Promise<void> {
  for (const { plan, finals } of jobs) {
    for (const { id } of finals) {
      try {
        const decisions = await clients[plan.tenant]?.decisions(id, { signal });
        if (decisions) history.note({ key: plan.key, what: 'decisions', decisions });
      } catch (error) {
        if (!(error instanceof SpillwayError)) throw error;
      }
    }
  }
}
