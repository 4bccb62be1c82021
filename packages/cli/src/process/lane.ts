import { SpillwayError, type SpillwayClient } from '@spillway/client';
import type { CreateDocumentBatchInput, DocumentResult } from '@spillway/contracts';
import type { BatchId } from '@spillway/core';
import { batchKey, readUnanswered } from './batch-key.ts';
import { collectBatch } from './collect-batch.ts';
import type { OutFile } from './out-file.ts';
import { withPatience, type Patience } from './patience.ts';
import type { Step } from './plan-batches.ts';
import type { Progress } from './progress.ts';
import type { ReadDocument } from './read-document.ts';
import type { InFlightBatch, StateFile } from './state-file.ts';

export interface LaneDeps {
  readonly client: SpillwayClient;
  readonly input: CreateDocumentBatchInput;
  readonly folder: string;
  /** Batches an earlier run left at the platform. */
  readonly resumed: readonly InFlightBatch[];
  readonly steps: AsyncGenerator<Step, void, undefined>;
  readonly out: OutFile;
  readonly state: StateFile;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

const OUTAGE_MS = 600_000;
const FULL_MS = 86_400_000;
const FIRST_PAUSE_MS = 1000;

/**
 * A function that takes one batch after the other to its end: those an earlier run left first, then new ones. Several
 * may run at once; each takes the next from the same line.
 */
export function createLane(deps: LaneDeps): () => Promise<void> {
  const { client, input, out, state, progress, signal, nowMs } = deps;
  const left = [...deps.resumed];
  const patience: Patience = {
    outageMs: OUTAGE_MS,
    fullMs: FULL_MS,
    firstPauseMs: FIRST_PAUSE_MS,
    signal,
    nowMs,
    onTrouble: (error) => {
      progress.trouble(error === undefined ? undefined : `waiting for the platform (${error.code})`);
    },
  };

  async function record(results: readonly DocumentResult[]): Promise<void> {
    await out.append(results);
    progress.add(results);
  }

  async function remember(batch: InFlightBatch): Promise<void> {
    await state.update((current) => ({
      ...current,
      batches: [...current.batches.filter(({ key }) => key !== batch.key), batch],
    }));
  }

  async function forget(batch: InFlightBatch, ending: 'completed' | 'lost'): Promise<void> {
    // under the same key the platform would name the lost batch again
    const more = ending === 'lost' ? 1 : 0;
    await state.update((current) => ({
      ...current,
      round: current.round + more,
      batches: current.batches.filter(({ key }) => key !== batch.key),
    }));
  }

  async function submit(batch: InFlightBatch, documents: readonly ReadDocument[]): Promise<void> {
    // written down before it is sent: a run killed in between asks again under the same key
    await remember(batch);
    const uploads = documents.map(({ path, content }) => ({ name: path, content }));
    const options = { idempotencyKey: batch.key, signal };
    const id = await withPatience(() => createBatch(client, input, uploads, options), patience);
    if (id === 'lost') {
      await forget(batch, 'lost');
      return;
    }
    await remember({ ...batch, id });
    await collect(batch, id);
  }

  async function collect(batch: InFlightBatch, id: BatchId): Promise<void> {
    const recorded = new Set<string>();
    for (const { path, sha256, again } of batch.documents) {
      if (again || out.outcomes.get(path)?.sha256 !== sha256) continue;
      recorded.add(path);
      progress.skip();
    }
    const onResults = async (results: readonly DocumentResult[]): Promise<void> => {
      await record(results);
      for (const { document } of results) recorded.add(document);
    };
    const ending = await withPatience(() => {
      const documents = batch.documents.filter(({ path }) => !recorded.has(path));
      return collectBatch({ client, id, documents, signal, nowMs, onResults });
    }, patience);
    await forget(batch, ending);
  }

  async function send(documents: readonly ReadDocument[]): Promise<void> {
    const sent = documents.map(({ path, sha256 }) => {
      return { path, sha256, again: out.outcomes.get(path)?.sha256 === sha256 };
    });
    const { round } = state.current();
    await submit({ key: batchKey(input, round, sent), round, id: null, documents: sent }, documents);
  }

  async function resume(batch: InFlightBatch): Promise<void> {
    if (batch.id !== null) return collect(batch, batch.id);
    const documents = await readUnanswered(batch, input, deps.folder);
    if (documents !== undefined) await submit(batch, documents);
  }

  async function take(step: Step): Promise<void> {
    if (step.kind === 'done-before') progress.skip();
    else if (step.kind === 'unreadable') await record([step.result]);
    else await send(step.documents);
  }

  return async () => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) await resume(batch);
    for await (const step of deps.steps) await take(step);
  };
}

/** Submits a batch; `lost` when the platform knows its key but has deleted the batch since. */
async function createBatch(
  client: SpillwayClient,
  ...call: Parameters<SpillwayClient['documentBatches']['create']>
): Promise<BatchId | 'lost'> {
  try {
    return (await client.documentBatches.create(...call)).id;
  } catch (error) {
    if (error instanceof SpillwayError && error.code === 'batch-not-found') return 'lost';
    throw error;
  }
}
