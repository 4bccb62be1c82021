import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import { NotConnected } from './transport-failure.ts';

/** setTimeout's longest delay (24.8 days): the SDKs have no way to say "none", and the caller's signal bounds calls. */
const NO_TIMEOUT_MS = 2_147_483_647;
/** A long answer with logprobs stays below 10 MB; more than this is an engine gone wrong, not an answer. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;

type Fetch = typeof globalThis.fetch;

/** The SDK options that make a vendor's client call once, wait as long as the signal lets it, and log nothing. */
export interface Transport {
  readonly fetch: Fetch;
  readonly fetchOptions: { readonly dispatcher: Agent; readonly redirect: 'manual' };
  readonly maxRetries: 0;
  readonly timeout: number;
  readonly logLevel: 'off';
  readonly defaultHeaders: Readonly<Record<string, string | null>>;
}

/**
 * One connection pool for one backend. Connections are not limited in number (slots are), an aborted call closes
 * its own, and idle ones go before the usual server (uvicorn: 5 s) hangs up on a request just being sent.
 * Redirects are not followed: a prompt goes to the configured address or nowhere.
 */
export function createTransport(): Transport {
  const dispatcher = new Agent({
    allowH2: false,
    bodyTimeout: 0,
    connect: markingNotConnected(buildConnector({ allowH2: false, timeout: CONNECT_TIMEOUT_MS })),
    headersTimeout: 0,
    keepAliveMaxTimeout: 4_000,
    keepAliveTimeout: 2_000,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  return {
    // undici's own: the Agent must be of the same undici
    fetch: undiciFetch as unknown as Fetch,
    fetchOptions: { dispatcher, redirect: 'manual' },
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: 'off',
    // our "no timeout" is no promise to the server
    defaultHeaders: { 'user-agent': 'spillway', 'x-stainless-timeout': null },
  };
}

/**
 * Marks what never connected, so that it is told from a connection that broke. The mark has words of its own: the SDKs
 * take every message with "timeout" for a slow answer, and this is an unreachable backend.
 */
export const markingNotConnected =
  (connect: buildConnector.connector): buildConnector.connector =>
  (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error === null) callback(null, socket);
      else callback(new NotConnected(error), null);
    });
  };
