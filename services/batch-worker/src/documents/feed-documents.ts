import { batchPaths, openInputLines } from '@spillway/batches';
import type { BlobStore } from '@spillway/blobs';
import type { BatchRecord, LineJob } from '@spillway/redis';
import { inputKey } from '../lines/input-key.ts';
import type { Turn, TurnOutcome } from '../turns/turn.ts';
import type { DocumentDeps } from './document-deps.ts';
import { documentOptionsOf } from './document-options.ts';
import { encodeState } from './line-state.ts';
import { type ManifestEntry, parseManifestLine } from './manifest.ts';
import {
  type DocumentFrame,
  failDocument,
  prepareDocument,
  type PreparedDocument,
} from './prepare-document.ts';

/** Read at once: what they hold stands in memory together. */
const MOST_DOCUMENTS = 8;
const MOST_BYTES = 16_777_216;
/** One call to the store: long enough to be worth a round trip, short enough not to hold up the others. */
const GROUP_JOBS = 128;
const GROUP_BYTES = 1_000_000;

/** Processes that died while they read: from so many on, documents are read one by one; after so many, one is given up. */
const DEATHS_TO_READ_ALONE = 2;
const DEATHS_TO_GIVE_UP = 4;

/**
 * Reads the next few documents of a batch and gives their first steps to the lanes, the cursor behind each group of them
 * in the same write: whoever dies in between reads them again. A document that its reader dies of, again and again, ends
 * as that document's failure.
 */
export async function feedDocuments(
  deps: DocumentDeps,
  { lease, batch, turn, signal }: Turn<'feed'>,
): Promise<TurnOutcome> {
  const { record, view } = batch;
  const deaths = (await deps.work.noteReading(lease, view.cursor)) - 1;
  const startedAt = performance.now();
  const entries = await readEntries(deps.blobs, record, {
    from: view.cursor,
    count: deaths >= DEATHS_TO_READ_ALONE ? 1 : Math.min(turn.room, MOST_DOCUMENTS),
    signal,
  });
  const options = documentOptionsOf(record);
  const frame = (): DocumentFrame => ({
    record,
    options,
    config: deps.config(),
    nowMs: batch.nowMs + Math.round(performance.now() - startedAt),
  });
  const prepareOne = async (entry: ManifestEntry): Promise<PreparedDocument> =>
    deaths >= DEATHS_TO_GIVE_UP ? failDocument(frame(), entry, DEADLY) : prepare(deps, frame, entry, signal);
  const reading = await Promise.allSettled(entries.map(prepareOne));
  signal.throwIfAborted();
  let cursor = view.cursor;
  for (const group of groupsOf(reading.map(valueOf))) {
    const nextCursor = cursor + group.length;
    const reply = await deps.work.feed(lease, record, { cursor, nextCursor, ...toFeed(cursor, group) });
    // Paused, cancelled or taken by another: the next look tells which.
    if (reply !== 'fed') return 'next';
    deps.metrics.fed.inc(group.length);
    cursor = nextCursor;
  }
  return 'next';
}

/** As many as may stand in memory together; one in any case. */
async function readEntries(
  blobs: BlobStore,
  record: BatchRecord,
  range: { readonly from: number; readonly count: number; readonly signal: AbortSignal },
): Promise<readonly ManifestEntry[]> {
  const index = { tenantId: record.tenantId, path: batchPaths(record.id).index };
  await using lines = await openInputLines(blobs, { input: inputKey(record), index }, range);
  if (lines === undefined) throw new Error(`the manifest of ${record.id} is not in the blob store any more`);
  const entries: ManifestEntry[] = [];
  let bytes = 0;
  for await (const { line, text } of lines) {
    const entry = parseManifestLine(record, line, text);
    bytes += entry.bytes;
    if (entries.length > 0 && bytes > MOST_BYTES) break;
    entries.push(entry);
  }
  if (entries.length === 0) throw new Error(`the manifest of ${record.id} ends before line ${range.from}`);
  return entries;
}

async function prepare(
  { blobs, extractor }: DocumentDeps,
  frame: () => DocumentFrame,
  entry: ManifestEntry,
  signal: AbortSignal,
): Promise<PreparedDocument> {
  const document = openDocument(blobs, entry, signal);
  const read = await extractor.extract({ name: entry.name, stream: document.stream }, { signal });
  if (document.isGone()) return failDocument(frame(), entry, GONE);
  // The document's own fault only when all of it came in time: otherwise it is read again.
  if (!read.ok && read.error.code === 'timed-out' && !document.isWhole()) {
    throw new Error(`the blob store was too slow with line ${entry.line}`);
  }
  return read.ok ? prepareDocument(frame(), entry, read.value) : failDocument(frame(), entry, read.error);
}

/** Opened when a thread is free to read it: what waits holds no connection. */
function openDocument(blobs: BlobStore, { key }: ManifestEntry, signal: AbortSignal) {
  let gone = false;
  let whole = false;
  async function* stream(): AsyncGenerator<Uint8Array, void, undefined> {
    const read = await blobs.read(key, { signal });
    gone = read === undefined;
    if (read !== undefined) yield* read.body;
    whole = true;
  }
  return { stream: stream(), isGone: () => gone, isWhole: () => whole };
}

const DEADLY = {
  code: 'unreadable',
  detail: `${DEATHS_TO_GIVE_UP} processes died while they read it; save it in another format`,
};
const GONE = { code: 'unreadable', detail: 'the document is not stored any more; send it again' };

const valueOf = (settled: PromiseSettledResult<PreparedDocument>): PreparedDocument => {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
};

/** Whole documents, in order: a group has one cursor. */
function groupsOf(documents: readonly PreparedDocument[]): readonly (readonly PreparedDocument[])[] {
  const groups: PreparedDocument[][] = [];
  let jobs = Infinity;
  let bytes = 0;
  for (const document of documents) {
    const own = jobsOf(document);
    jobs += own.length;
    bytes += own.reduce((sum, { job }) => sum + job.request.length, 0);
    if (jobs > GROUP_JOBS || bytes > GROUP_BYTES) {
      groups.push([]);
      jobs = own.length;
      bytes = own.reduce((sum, { job }) => sum + job.request.length, 0);
    }
    groups.at(-1)?.push(document);
  }
  return groups;
}

const jobsOf = (document: PreparedDocument): readonly LineJob[] =>
  document.kind === 'steps' ? document.jobs : [];

function toFeed(cursor: number, group: readonly PreparedDocument[]) {
  return {
    jobs: group.flatMap(jobsOf),
    outcomes: group.flatMap((document) => (document.kind === 'failed' ? [document.outcome] : [])),
    steps: group.flatMap((document, index) =>
      document.kind === 'steps' ? [{ line: cursor + index, text: encodeState(document.state) }] : [],
    ),
  };
}
