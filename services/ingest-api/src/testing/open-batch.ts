import type { BatchObject } from '@spillway/contracts';
import type { BatchId, FileId } from '@spillway/core';
import { bodyOf } from './create-ask.ts';
import { openTestApi, type TestApi, type TestApiOptions } from './open-test-api.ts';
import { inputLines, upload } from './upload.ts';

export interface OpenBatch extends AsyncDisposable {
  readonly api: TestApi;
  readonly id: BatchId;
  readonly path: string;
  readonly inputFileId: FileId;
}

/** The service with one batch of so many lines, being validated. */
export async function openBatch(lines: number, options?: TestApiOptions): Promise<OpenBatch> {
  const api = await openTestApi(options);
  const inputFileId = await upload(api, inputLines(lines));
  const body = { input_file_id: inputFileId, endpoint: '/v1/chat/completions', completion_window: '24h' };
  const batch = (await bodyOf(200, api.ask('/v1/batches', { method: 'POST', body }))) as BatchObject;
  return {
    api,
    id: batch.id,
    path: `/v1/batches/${batch.id}`,
    inputFileId,
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}
