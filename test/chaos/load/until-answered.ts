import { SpillwayError } from '@spillway/client';
import { wait } from '@spillway/service-kit';
import { APIError } from 'openai';
import { z } from 'zod';
import type { Refusal } from '../history/history.ts';

export interface AskOptions {
  readonly onRefusal: (refusal: Refusal) => void;
  /** Ends whatever is still tried. */
  readonly signal: AbortSignal;
}

const AGAIN_MS = 250;

/** Repeats a call after every error until it is answered or refused for good; undefined when it never was. */
export async function untilAnswered<Answer>(
  { onRefusal, signal }: AskOptions,
  call: () => Promise<Answer>,
): Promise<Answer | undefined> {
  while (!signal.aborted) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) return undefined;
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      onRefusal(refusal);
      const { status } = refusal;
      if (status !== undefined && status < 500 && status !== 429) return undefined;
      await wait(AGAIN_MS, signal);
    }
  }
  return undefined;
}

/** What a client, ours or OpenAI's, was told; undefined for an error that no answer explains. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof SpillwayError) {
    const { code, detail, status, retryAfterMs } = error;
    return { code, detail, status, retryAfterMs };
  }
  if (error instanceof APIError) return refusalOfSdk(error);
  if (error instanceof z.ZodError) {
    return {
      code: 'unexpected-answer',
      detail: z.prettifyError(error),
      status: undefined,
      retryAfterMs: undefined,
    };
  }
  // an answer that broke off while its body was read, or took too long to come
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')
    ? unreachable(error.message)
    : undefined;
}

function refusalOfSdk(error: APIError): Refusal {
  const { status, code, message } = error;
  if (status === undefined) return unreachable(message);
  const seconds = Number(error.headers?.get('retry-after') ?? Number.NaN);
  return {
    code: code ?? 'unexpected-answer',
    detail: message,
    status,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  };
}

const unreachable = (detail: string): Refusal => ({
  code: 'unreachable',
  detail,
  status: undefined,
  retryAfterMs: undefined,
});
