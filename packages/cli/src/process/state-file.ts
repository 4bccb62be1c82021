import { open, readFile, rename } from 'node:fs/promises';
import { isJsonObject, parseId, type BatchId } from '@spillway/core';
import { UsageError } from '../usage-error.ts';

/** A batch the platform has, or may have: `id` is null while its submission has not been answered. */
export interface InFlightBatch {
  readonly key: string;
  /** The round its key was made in. */
  readonly round: number;
  readonly id: BatchId | null;
  readonly documents: readonly SentDocument[];
}

export interface DocumentKey {
  readonly path: string;
  readonly sha256: string;
}

interface SentDocument extends DocumentKey {
  /** It had an outcome when it was sent, and is retried. */
  readonly again: boolean;
}

export interface RunState {
  /** Digest of the options that shape an answer; all lines of one output file were made with the same. */
  readonly optionsSha256: string;
  /** Part of every idempotency key: a new round asks anew instead of getting the old answer again. */
  readonly round: number;
  readonly batches: readonly InFlightBatch[];
}

export interface StateFile {
  readonly current: () => RunState;
  /** Changes the state; on disk when it resolves. */
  update(change: (state: RunState) => RunState): Promise<void>;
}

const VERSION = 2;

/** Reads the state beside an output file; `undefined` when there is none. Refuses a file it did not write. */
export async function readState(path: string): Promise<RunState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const state = parseState(text);
  if (state !== undefined) return state;
  throw new UsageError(
    `${path} was not written by this version of spillway; give another --out, or remove it`,
  );
}

/** Keeps the state in a file that is always whole: written aside, synced, renamed. */
export function createStateFile(path: string, initial: RunState): StateFile {
  let state = initial;
  let writing = Promise.resolve();
  return {
    current: () => state,
    update: (change) => {
      state = change(state);
      const written = state;
      writing = writing.then(() => write(path, written));
      return writing;
    },
  };
}

async function write(path: string, { optionsSha256, round, batches }: RunState): Promise<void> {
  const file = await open(`${path}.tmp`, 'w');
  try {
    await file.writeFile(JSON.stringify({ version: VERSION, options_sha256: optionsSha256, round, batches }));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

function parseState(text: string): RunState | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(raw) || raw['version'] !== VERSION || !Array.isArray(raw['batches'])) return undefined;
  const optionsSha256 = raw['options_sha256'];
  const round = raw['round'];
  if (typeof optionsSha256 !== 'string' || typeof round !== 'number') return undefined;
  const batches = raw['batches'].map(parseBatch).filter((batch) => batch !== undefined);
  return batches.length === raw['batches'].length ? { optionsSha256, round, batches } : undefined;
}

function parseBatch(raw: unknown): InFlightBatch | undefined {
  if (!isJsonObject(raw)) return undefined;
  const key = raw['key'];
  const round = raw['round'];
  const documents: unknown = raw['documents'];
  if (typeof key !== 'string' || typeof round !== 'number') return undefined;
  if (!Array.isArray(documents) || !documents.every(isSentDocument)) return undefined;
  if (raw['id'] === null) return { key, round, id: null, documents };
  const id = typeof raw['id'] === 'string' ? parseId('BatchId', raw['id']) : undefined;
  return id?.ok === true ? { key, round, id: id.value, documents } : undefined;
}

const isSentDocument = (raw: unknown): raw is SentDocument =>
  isJsonObject(raw) &&
  typeof raw['path'] === 'string' &&
  typeof raw['sha256'] === 'string' &&
  typeof raw['again'] === 'boolean';
