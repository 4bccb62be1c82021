import { batchPaths } from '@spillway/batches';
import type { BlobInfo, BlobStore } from '@spillway/blobs';
import type { Config, CreateDocumentBatchOptions, ManifestLine } from '@spillway/contracts';
import { type BatchId, parseId, type TenantId } from '@spillway/core';
import type { FileStore } from '@spillway/redis';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { dropBatchBlobs, orphanedAtMs } from '../batches/batch-blobs.ts';
import { refuse } from '../batches/refuse.ts';
import { tooLarge } from '../http/limit-body.ts';
import { Problem } from '../http/problem.ts';
import { type FormFile, readForm } from '../http/read-form.ts';
import { readOptions } from './read-options.ts';

export interface ReadSubmissionDeps {
  readonly blobs: BlobStore;
  readonly files: FileStore;
  readonly config: () => Config;
  readonly newBatchId: () => BatchId;
}

/** The batch that is to be. */
export interface BatchPlace {
  readonly tenantId: TenantId;
  readonly id: BatchId;
}

export interface Submission {
  readonly place: BatchPlace;
  readonly options: CreateDocumentBatchOptions;
  /** As it came. */
  readonly optionsText: string;
  readonly documents: readonly Omit<ManifestLine, 'custom_id'>[];
}

const fieldsSchema = z.strictObject({ options: z.string({ error: 'send the options as JSON' }) });

/** An instruction, a schema of 64 KB and 10,000 ids of files, as JSON. */
const OPTIONS_BYTES = 1_048_576;
const LONGEST_IDLE_MS = 60_000;
/** A path of a file system may be longer; a label need not be. */
const LONGEST_NAME = 1024;

/**
 * Reads the form of a document batch and streams its documents into the blob store. Throws the problem that answers
 * anything else; then nothing of them is left.
 */
export async function readSubmission(
  incoming: IncomingMessage,
  place: BatchPlace,
  deps: ReadSubmissionDeps,
): Promise<Submission> {
  const config = deps.config();
  const { max_batch_bytes: mostBytes, max_batch_documents: mostDocuments } = config.limits;
  if (Number(incoming.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
  try {
    const { fields, files } = await readForm(
      incoming,
      {
        fields: fieldsSchema,
        fieldBytes: OPTIONS_BYTES,
        fileField: 'documents[]',
        mostFiles: mostDocuments,
        mostBytes,
        fileTooLarge: () => tooLarge(mostBytes),
        idleMs: LONGEST_IDLE_MS,
      },
      {
        store: (file, index, signal) => keepDocument(file, index, signal, place, deps),
        // All of them go together.
        discard: () => Promise.resolve(),
      },
    );
    const options = readOptions(fields.options, config);
    const named = files.map(({ filename, stored }) => ({ filename: decodeName(filename), stored }));
    refuseNames(named);
    const documents =
      options.file_ids === undefined
        ? named.map(({ filename, stored }) => toLine(filename, stored))
        : await findFiles(options.file_ids, files.length, mostDocuments, place.tenantId, deps.files);
    if (documents.length === 0) throw refuse('documents[]', 'send at least one file, or options.file_ids');
    return { place, options, optionsText: fields.options, documents };
  } catch (error) {
    await dropBatchBlobs(deps.blobs, place.tenantId, place.id);
    throw error;
  }
}

async function keepDocument(
  source: AsyncIterable<Uint8Array>,
  index: number,
  signal: AbortSignal,
  { tenantId, id }: BatchPlace,
  { blobs, config }: ReadSubmissionDeps,
): Promise<BlobInfo> {
  const key = { tenantId, path: batchPaths(id).document(index) };
  const written = await blobs.write(key, source, { signal, expiresAtMs: orphanedAtMs(config(), Date.now()) });
  if (written.kind === 'too-large') throw new Error('the blob store set a limit that nobody asked for');
  return written.info;
}

const toLine = (document: string, { key, sha256, bytes }: BlobInfo) => ({
  document,
  path: key.path,
  sha256,
  bytes,
});

/** What browsers and fetch write for the characters that would end a name too soon (HTML, multipart/form-data). */
const decodeName = (filename: string): string =>
  filename.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');

function refuseNames(files: readonly FormFile<unknown>[]): void {
  const index = files.findIndex(({ filename }) => filename.length === 0 || filename.length > LONGEST_NAME);
  if (index >= 0) {
    throw refuse(`documents[].${index}`, `a document needs a file name of 1 to ${LONGEST_NAME} characters`);
  }
}

async function findFiles(
  rawIds: readonly string[],
  sent: number,
  most: number,
  tenantId: TenantId,
  files: FileStore,
): Promise<Submission['documents']> {
  if (sent > 0) throw refuse('options.file_ids', 'not together with documents[]');
  if (rawIds.length > most) {
    throw new Problem(
      'request-too-large',
      `${rawIds.length} documents: at most ${most} fit one batch, send several`,
    );
  }
  const documents: Submission['documents'][number][] = [];
  for (const [index, rawId] of rawIds.entries()) {
    const id = parseId('FileId', rawId);
    const file = id.ok ? await files.one(id.value, tenantId) : undefined;
    if (file === undefined) {
      throw refuse(`options.file_ids.${index}`, 'no file of yours has this id; it may have expired');
    }
    const { filename: document, path, sha256, bytes } = file;
    documents.push({ document, path, sha256, bytes });
  }
  return documents;
}
