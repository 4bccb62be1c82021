import type { BlobStore } from '@spillway/blobs';
import { filePath, openBlobWriter } from '@spillway/batches';
import type { FileId } from '@spillway/core';
import type { BatchRecord, FileStore } from '@spillway/redis';
import { createLineSink, type LineSink } from './line-sink.ts';
import { resultFileId } from './result-file-id.ts';

/** A file of results that is made with its first line: without one there is no file. */
export interface ResultFile {
  write(line: string): Promise<void>;
  /** Publishes it; undefined when there was no line. */
  end(): Promise<FileId | undefined>;
  abort(): Promise<void>;
}

interface ResultFileDeps {
  readonly blobs: BlobStore;
  readonly files: FileStore;
  readonly signal: AbortSignal;
  /** How long it is kept, in ms. */
  readonly keepMs: number;
}

export function createResultFile(
  record: BatchRecord,
  kind: 'output' | 'errors',
  { blobs, files, signal, keepMs }: ResultFileDeps,
): ResultFile {
  const id = resultFileId(record, kind);
  const { tenantId } = record;
  const path = filePath(id);
  let sink: LineSink | undefined;
  const open = async (): Promise<LineSink> => {
    await files.reserve({ id, tenantId, path }, 'results');
    sink = createLineSink(openBlobWriter(blobs, { tenantId, path }, { signal }));
    return sink;
  };
  return {
    write: async (line) => (sink ?? (await open())).write(line),
    end: async () => {
      if (sink === undefined) return undefined;
      const { bytes, sha256 } = await sink.end();
      const filename = `${record.id}_${kind}.jsonl`;
      await files.create({ id, tenantId, filename, purpose: 'batch_output', bytes, sha256, path, keepMs });
      return id;
    },
    abort: async () => sink?.abort(),
  };
}
