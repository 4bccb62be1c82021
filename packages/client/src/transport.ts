import { pause } from './pause.ts';
import { readProblem } from './read-problem.ts';
import { parseRetryAfter } from './retry-after.ts';
import { DEFAULT_RETRY_POLICY, retryDelayMs, type RetryPolicy } from './retry-policy.ts';
import { SpillwayError } from './spillway-error.ts';

export interface TransportOptions {
  /** Where the platform listens, for example http://127.0.0.1:8787; a path in it is kept. */
  readonly url: string;
  readonly apiKey: string;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly userAgent?: string | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Limit on one try, beyond the time the platform was asked to hold the answer. */
  readonly timeoutMs?: number | undefined;
}

interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Blob;
  /** Sending it twice has the effect of sending it once. */
  readonly repeatable: boolean;
  /** Seconds the platform may hold the answer (`Prefer: wait`). */
  readonly waitSeconds?: number | undefined;
  /** Statuses beside 2xx that are an answer, not a problem. */
  readonly alsoFine?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

export interface Transport {
  /** The whole answer; throws a SpillwayError for problems, the signal's reason when aborted. */
  send(request: OutgoingRequest): Promise<Answer>;
  /** The answer as soon as its headers are there; the body is the caller's to read and to bound. */
  open(request: OutgoingRequest): Promise<Response>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** HTTP with bounded time, bounded retries and problems as errors. Throws a SpillwayError for a URL it cannot use. */
export function createTransport(options: TransportOptions): Transport {
  const base = parseBase(options.url);
  const doFetch = options.fetch ?? globalThis.fetch;
  const policy = { ...DEFAULT_RETRY_POLICY, ...options.retry };
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;

  async function tryOnce<Read>(
    request: OutgoingRequest,
    read: (response: Response, retryAfterMs: number | undefined) => Promise<Read>,
  ): Promise<Read> {
    request.signal?.throwIfAborted();
    const limit = new AbortController();
    const limitMs = timeoutMs + (request.waitSeconds ?? 0) * 1000;
    const timer = setTimeout(() => {
      limit.abort();
    }, limitMs);
    const signal =
      request.signal === undefined ? limit.signal : AbortSignal.any([request.signal, limit.signal]);
    try {
      const response = await doFetch(urlOf(base, request), {
        method: request.method,
        headers: headersOf(request, options),
        body: request.body ?? null,
        redirect: 'manual',
        signal,
      });
      const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), Date.now());
      if (response.ok || request.alsoFine?.includes(response.status) === true) {
        return await read(response, retryAfterMs);
      }
      throw readProblem(response, await response.text(), retryAfterMs);
    } catch (error) {
      if (error instanceof SpillwayError) throw error;
      request.signal?.throwIfAborted();
      throw limit.signal.aborted ? timedOut(base, limitMs) : unreachable(base, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function withRetries<Read>(
    request: OutgoingRequest,
    read: (response: Response, retryAfterMs: number | undefined) => Promise<Read>,
  ): Promise<Read> {
    for (let retriesMade = 0; ; retriesMade += 1) {
      try {
        return await tryOnce(request, read);
      } catch (error) {
        if (!(error instanceof SpillwayError) || !request.repeatable) throw error;
        const delayMs = retryDelayMs(error, retriesMade, policy, Math.random());
        if (delayMs === undefined) throw error;
        await pause(delayMs, request.signal);
      }
    }
  }

  return {
    send: (request) =>
      withRetries(request, async (response, retryAfterMs) => ({
        status: response.status,
        headers: response.headers,
        text: await response.text(),
        retryAfterMs,
      })),
    open: (request) => withRetries(request, (response) => Promise.resolve(response)),
  };
}

function parseBase(raw: string): URL {
  const url = URL.parse(raw);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SpillwayError({
      code: 'unreachable',
      detail: `"${raw}" is not a URL to reach Spillway at; one looks like http://127.0.0.1:8787`,
    });
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function urlOf(base: URL, { path, query = {} }: OutgoingRequest): URL {
  const url = new URL(path.replace(/^\//, ''), base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function headersOf(request: OutgoingRequest, options: TransportOptions): Headers {
  const headers = new Headers({
    authorization: `Bearer ${options.apiKey}`,
    'user-agent': options.userAgent ?? 'spillway-client',
    accept: 'application/json, application/problem+json',
  });
  if (request.waitSeconds !== undefined) headers.set('prefer', `wait=${request.waitSeconds}`);
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

const timedOut = (base: URL, limitMs: number): SpillwayError =>
  new SpillwayError({
    code: 'timed-out',
    detail: `Spillway at ${base.origin} did not answer within ${Math.round(limitMs / 1000)} s`,
  });

function unreachable(base: URL, cause: unknown): SpillwayError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  const why = code || (inner instanceof Error ? inner.message : String(inner));
  return new SpillwayError({
    code: 'unreachable',
    detail: `cannot reach Spillway at ${base.origin} (${why}): is it running, and is this the right URL?`,
    cause,
  });
}
