import { SpillwayError, type SpillwayClient } from '@spillway/client';
import type { CreateDocumentBatchInput } from '@spillway/contracts';
import type { BatchId } from '@spillway/core';
import { batchKey, readUnanswered } from './batch-key.ts';
import { collectBatch, type Collected } from './collect-batch.ts';
import type { OutFile } from './out-file.ts';
import { withPatience, type Patience } from './patience.ts';
import type { Step } from './plan-batches.ts';
import type { Progress } from './progress.ts';
import type { ReadDocument } from './read-document.ts';
import type { OutLine } from './result-lines.ts';
import type { InFlightBatch, StateFile } from './state-file.ts';

export interface LaneDeps {
  readonly client: SpillwayClient;
  /** With time for a large body. */
  readonly uploader: SpillwayClient;
  readonly input: CreateDocumentBatchInput;
  readonly root: string;
  /** Batches an earlier run left at the platform. */
  readonly resumed: readonly InFlightBatch[];
  readonly steps: AsyncGenerator<Step, void, undefined>;
  readonly out: OutFile;
  readonly state: StateFile;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

/** A batch the platform has taken. */
type Submitted = InFlightBatch & { readonly id: BatchId };

const OUTAGE_MS = 600_000;
const FULL_MS = 86_400_000;
const FIRST_PAUSE_MS = 1000;

/**
 * A function that takes one batch after the other to its end: those an earlier run left first, then new ones. Several
 * may run at once; they read and send in turn, so that the documents of one batch are in memory and not of all.
 */
export function createLane(deps: LaneDeps): () => Promise<void> {
  const { client, uploader, input, out, state, progress, signal, nowMs } = deps;
  const left = [...deps.resumed];
  let turn: Promise<unknown> = Promise.resolve();
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

  async function record(lines: readonly OutLine[]): Promise<void> {
    await out.append(lines);
    progress.add(lines);
  }

  async function remember(batch: InFlightBatch): Promise<void> {
    await state.update((current) => ({
      ...current,
      batches: [...current.batches.filter(({ key }) => key !== batch.key), batch],
    }));
  }

  async function forget({ key }: InFlightBatch, ending: 'ended' | 'lost'): Promise<void> {
    // under the same key the platform would name the lost batch again
    const more = ending === 'lost' ? 1 : 0;
    await state.update((current) => ({
      ...current,
      round: current.round + more,
      batches: current.batches.filter((other) => other.key !== key),
    }));
  }

  /** Undefined when the platform knows the key of the batch, but has deleted the batch since. */
  async function submit(
    batch: InFlightBatch,
    documents: readonly ReadDocument[],
  ): Promise<Submitted | undefined> {
    // written down before it is sent: a run killed in between asks again under the same key
    await remember(batch);
    const uploads = documents.map(({ path, content }) => ({ name: path, content }));
    const options = { idempotencyKey: batch.key, signal };
    const id = await withPatience(() => createBatch(uploader, input, uploads, options), patience);
    if (id === 'lost') {
      await forget(batch, 'lost');
      return undefined;
    }
    const submitted = { ...batch, id };
    await remember(submitted);
    return submitted;
  }

  async function collect(batch: Submitted): Promise<void> {
    const { id } = batch;
    const pending = new Map(batch.documents.entries());
    let after: number | undefined;
    for (const [index, { path, sha256, again }] of batch.documents.entries()) {
      if (again || out.outcomes.get(path)?.sha256 !== sha256) continue;
      pending.delete(index);
      progress.skip();
    }
    const onResults = async (results: readonly Collected[]): Promise<void> => {
      await record(results.map(({ line }) => line));
      for (const { index, seq } of results) {
        pending.delete(index);
        after = seq;
      }
    };
    const ending = await withPatience(
      () =>
        collectBatch({
          client,
          id,
          pending,
          after,
          signal,
          nowMs,
          onResults,
          onBatch: (seen) => progress.batch(id, seen),
        }),
      patience,
    );
    progress.batch(id, undefined);
    await forget(batch, ending);
  }

  async function send(documents: readonly ReadDocument[]): Promise<Submitted | undefined> {
    const sent = documents.map(({ path, sha256 }) => {
      return { path, sha256, again: out.outcomes.get(path)?.sha256 === sha256 };
    });
    const { round } = state.current();
    return submit({ key: batchKey(input, round, sent), round, id: null, documents: sent }, documents);
  }

  async function resume(batch: InFlightBatch): Promise<Submitted | undefined> {
    if (batch.id !== null) return { ...batch, id: batch.id };
    const documents = await readUnanswered(batch, input, deps.root);
    return documents === undefined ? undefined : submit(batch, documents);
  }

  /** The next batch that the platform has; undefined when there is none any more. */
  async function next(): Promise<Submitted | undefined> {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) {
      const submitted = await resume(batch);
      if (submitted !== undefined) return submitted;
    }
    for (;;) {
      const { done, value: step } = await deps.steps.next();
      if (done === true || signal.aborted) return undefined;
      if (step.kind === 'done-before') progress.skip();
      else if (step.kind === 'unreadable') await record([step.line]);
      else {
        const submitted = await send(step.documents);
        if (submitted !== undefined) return submitted;
      }
    }
  }

  async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  return async () => {
    for (let batch = await inTurn(next); batch !== undefined; batch = await inTurn(next)) {
      await collect(batch);
    }
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
