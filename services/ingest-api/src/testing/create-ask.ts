import type { createContractCheck } from './contract-check.ts';
import { KEYS, type TestTenant } from './samples.ts';

interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'HEAD' | 'PUT' | 'DELETE';
  /** JSON unless it is a form, a stream, bytes or a text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `acme` when left out; null: no key. */
  readonly tenant?: TestTenant | null;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON body; undefined for anything else. */
  readonly body: unknown;
}

export type Ask = (path: string, options?: AskOptions) => Promise<Answer>;

/** Asks over HTTP as one of the tenants, and holds every answer against the API's own description. */
export const createAsk =
  (base: string, check: ReturnType<typeof createContractCheck>): Ask =>
  async (path, { method = 'GET', body, headers = {}, tenant = 'acme', signal } = {}) => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(tenant !== null && { authorization: `Bearer ${KEYS[tenant]}` }),
        ...(isJson(body) && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: isJson(body) ? JSON.stringify(body) : ((body ?? null) as NonNullable<RequestInit['body']> | null),
      ...(body instanceof ReadableStream && { duplex: 'half' }),
      ...(signal !== undefined && { signal }),
    });
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    const { status } = response;
    if (path.startsWith('/v1/') && method !== 'HEAD') {
      check({ method, path: new URL(path, base).pathname, status, contentType, text });
    }
    const isOneValue = contentType.includes('json') && !contentType.includes('ndjson');
    return { status, headers: response.headers, text, body: isOneValue ? JSON.parse(text) : undefined };
  };

const isJson = (body: unknown): boolean =>
  body !== undefined &&
  typeof body !== 'string' &&
  !(body instanceof FormData) &&
  !(body instanceof ReadableStream) &&
  !(body instanceof Uint8Array);

/** The body of an answer that must have this status. */
export async function bodyOf(expected: number, asked: Promise<Answer>): Promise<unknown> {
  const { status, text, body } = await asked;
  if (status !== expected) throw new Error(`answered ${status}, not ${expected}: ${text}`);
  return body;
}
