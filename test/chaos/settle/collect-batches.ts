import type { BatchObject } from '@spillway/contracts';
import type { BatchFacts } from '../history/batch-facts.ts';
import { type BatchResults, toLineResult } from '../history/batch-results.ts';
import type { History } from '../history/history.ts';
import type { BatchClient } from '../load/batch-client.ts';
import { untilAnswered } from '../load/until-answered.ts';

/**
 * Notes the last state of every batch with the lines of its files: of those that were accepted, and of those that only
 * the list knows, because their submission was written and never answered.
 */
export async function collectBatches(
  clients: readonly BatchClient[],
  batches: readonly BatchFacts[],
  history: History,
  signal: AbortSignal,
): Promise<void> {
  const keys = new Set(batches.map(({ plan }) => plan.key));
  const ask = <Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> =>
    untilAnswered({ onRefusal: () => {}, signal }, call);
  for (const [tenant, client] of clients.entries()) {
    const listed = (await ask(() => client.list(signal))) ?? [];
    const found = new Set(listed.map(({ id }) => id));
    for (const batch of listed) {
      const key = batch.metadata?.['key'] ?? '';
      if (!keys.has(key)) continue;
      const results = await ask(() => readResults(client, batch, signal));
      if (results) history.note({ key, what: 'batch-final', batch, results });
    }
    for (const { plan, accepted } of batches.filter((one) => one.plan.tenant === tenant)) {
      const gone = new Set(accepted.map(({ batch }) => batch.id).filter((id) => !found.has(id)));
      for (const id of gone) history.note({ key: plan.key, what: 'batch-gone', id });
    }
  }
}

async function readResults(
  client: BatchClient,
  { output_file_id: output, error_file_id: errors }: BatchObject,
  signal: AbortSignal,
): Promise<BatchResults> {
  return {
    output: (await client.results(output, signal)).map(toLineResult),
    errors: (await client.results(errors, signal)).map(toLineResult),
  };
}
