import { err, ok, type Result } from '@spillway/core';
import type { EngineMetrics } from './engine-metrics.ts';
import { parseEngineMetrics } from './parse-engine-metrics.ts';

export interface EngineMetricsProblem {
  /** `refused`: it answers, but not with metrics (Ollama has none; llama.cpp wants `--metrics`). */
  readonly kind: 'unreachable' | 'timeout' | 'refused' | 'too-large';
  readonly detail: string;
}

/** vLLM's page is 30 to 100 kB, most of it histograms. */
const MAX_BYTES = 1024 * 1024;
const TIMEOUT_MS = 2_000;

/** Scrapes the engine at `url`, given with or without its `/v1`. Bounded to 2 s and 1 MiB. */
export async function readEngineMetrics(
  url: string,
  signal: AbortSignal,
): Promise<Result<EngineMetrics, EngineMetricsProblem>> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(`${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/metrics`, {
      redirect: 'error',
      signal: AbortSignal.any([signal, deadline]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return err({ kind: 'refused', detail: `HTTP ${response.status}` });
    }
    const text = await boundedText(response);
    return text === undefined
      ? err({ kind: 'too-large', detail: 'more than 1 MiB' })
      : ok(parseEngineMetrics(text));
  } catch (error) {
    if (deadline.aborted) return err({ kind: 'timeout', detail: `no answer within ${TIMEOUT_MS} ms` });
    if (signal.aborted) return err({ kind: 'unreachable', detail: 'aborted' });
    // fetch rejects with a TypeError for everything below HTTP; anything else is a bug
    if (!(error instanceof TypeError)) throw error;
    return err({ kind: 'unreachable', detail: codeOf(error.cause) ?? 'no connection' });
  }
}

async function boundedText(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // leaving the loop early cancels the body and with it the connection
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const codeOf = (cause: unknown): string | undefined =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
