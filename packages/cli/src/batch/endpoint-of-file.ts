import { open } from 'node:fs/promises';
import { BATCH_ENDPOINTS } from '@spillway/contracts';
import { isJsonObject } from '@spillway/core';
import { UsageError } from '../usage-error.ts';

export type BatchEndpoint = (typeof BATCH_ENDPOINTS)[number];

/** A first line longer than this has to be helped with --endpoint. */
const HEAD_BYTES = 1_048_576;

/** The endpoint that the first line of a batch's input names; refuses a file that cannot be read, or names none. */
export async function endpointOfFile(path: string): Promise<BatchEndpoint> {
  const url = urlOf(await firstLine(path));
  const endpoint = BATCH_ENDPOINTS.find((known) => known === url);
  if (endpoint !== undefined) return endpoint;
  throw new UsageError(
    `the first line of ${path} names no endpoint as its "url": give --endpoint, one of ${BATCH_ENDPOINTS.join(', ')}`,
  );
}

async function firstLine(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.toString('utf8', 0, bytesRead).split('\n', 1).join('');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot read the input: ${why}`, { cause });
  }
}

function urlOf(line: string): unknown {
  try {
    const parsed: unknown = JSON.parse(line);
    return isJsonObject(parsed) ? parsed['url'] : undefined;
  } catch {
    return undefined;
  }
}
