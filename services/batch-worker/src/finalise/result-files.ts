import type { BlobStore } from '@spillway/blobs';
import { renderDocumentResult, renderOpenAiLine } from '@spillway/batches';
import type { Config } from '@spillway/contracts';
import type { FileId, LineOutcome } from '@spillway/core';
import type { BatchRecord, FileStore } from '@spillway/redis';
import { createResultFile } from './result-file.ts';

/** The files a client fetches at the end: what they are is the face's. */
export interface ResultFiles {
  write(outcome: LineOutcome): Promise<void>;
  end(): Promise<{ readonly output: FileId | undefined; readonly errors: FileId | undefined }>;
  abort(): Promise<void>;
}

export interface ResultFilesDeps {
  readonly blobs: BlobStore;
  readonly files: FileStore;
  readonly config: () => Config;
  readonly signal: AbortSignal;
}

/** OpenAI has a file of answers and one of failures, documents one of both; Anthropic's results are no file. */
export function createResultFiles(record: BatchRecord, deps: ResultFilesDeps): ResultFiles {
  const { face, outputExpiresAfterSeconds } = record.description;
  const keepMs = (outputExpiresAfterSeconds ?? deps.config().retention.files_seconds) * 1000;
  const output = createResultFile(record, 'output', { ...deps, keepMs });
  const errors = createResultFile(record, 'errors', { ...deps, keepMs });
  const write = async (outcome: LineOutcome): Promise<void> => {
    switch (face) {
      case 'anthropic':
        return;
      case 'documents':
        await output.write(JSON.stringify(renderDocumentResult(outcome)));
        return;
      case 'openai': {
        const { file, line } = renderOpenAiLine(record.id, outcome);
        await (file === 'output' ? output : errors).write(line);
      }
    }
  };
  return {
    write,
    end: async () => ({ output: await output.end(), errors: await errors.end() }),
    abort: async () => {
      await Promise.all([output.abort(), errors.abort()]);
    },
  };
}
