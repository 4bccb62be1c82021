import { lookup } from 'node:dns';
import type { DeliveryAnswer } from '@spillway/core';
import { Agent, request } from 'undici';
import { checkUrl } from '../ssrf/check-url.ts';
import { AddressRefused, createGuardedLookup, type Resolve } from '../ssrf/create-guarded-lookup.ts';
import type { DeliveryRules } from '../ssrf/delivery-rules.ts';
import { parseRetryAfter } from './parse-retry-after.ts';

export interface WebhookClientOptions {
  /** Asked before each attempt. */
  readonly rules: () => DeliveryRules;
  readonly userAgent: string;
  /** `dns.lookup` unless told otherwise. */
  readonly resolve?: Resolve;
}

export interface WebhookPost {
  readonly url: string;
  /** Exactly the bytes that were signed. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `cut-off`: the signal aborted first, so nobody knows whether the receiver got it. */
export type PostOutcome = DeliveryAnswer | { readonly kind: 'cut-off' };

export interface WebhookClient {
  /** One POST, never redirected; the timeout of the rules bounds it from name lookup to answer. */
  post(post: WebhookPost, signal: AbortSignal): Promise<PostOutcome>;
  close(): Promise<void>;
}

/** The status is the answer; of the rest we read no more than lets a well-behaved receiver keep its connection. */
const LONGEST_BODY_READ_BYTES = 1024;

/** Sends webhooks to wherever the rules let it connect. */
export function createWebhookClient({
  rules: rulesNow,
  userAgent,
  resolve = lookup,
}: WebhookClientOptions): WebhookClient {
  let held: { readonly rules: DeliveryRules; readonly agent: Agent } | undefined;

  /** Connections are kept per rules: one that older rules allowed must not serve under newer ones. */
  const agentFor = (rules: DeliveryRules): Agent => {
    if (held?.rules === rules) return held.agent;
    void held?.agent.close();
    held = { rules, agent: createAgent(rules, resolve) };
    return held.agent;
  };

  return {
    post: async ({ url, body, headers }, signal) => {
      const rules = rulesNow();
      const checked = checkUrl(url, rules);
      if (!checked.ok) return { kind: 'refused', because: checked.error };
      const timeout = AbortSignal.timeout(rules.timeoutMs);
      try {
        const response = await request(checked.value, {
          dispatcher: agentFor(rules),
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': userAgent, ...headers },
          body,
          signal: AbortSignal.any([signal, timeout]),
        });
        await response.body.dump({ limit: LONGEST_BODY_READ_BYTES });
        return {
          kind: 'answered',
          status: response.statusCode,
          retryAfterMs: parseRetryAfter(response.headers),
        };
      } catch (error) {
        if (signal.aborted) return { kind: 'cut-off' };
        if (timeout.aborted) return { kind: 'timed-out' };
        return toAnswer(error);
      }
    },
    close: async () => {
      const agent = held?.agent;
      held = undefined;
      await agent?.close();
    },
  };
}

const createAgent = (rules: DeliveryRules, resolve: Resolve): Agent =>
  new Agent({
    connect: {
      lookup: createGuardedLookup(rules, resolve),
      rejectUnauthorized: true,
      timeout: rules.timeoutMs,
    },
    // one request at a time per connection: receivers get nothing from HTTP/2 here
    allowH2: false,
  });

function toAnswer(error: unknown): DeliveryAnswer {
  if (error instanceof AddressRefused) return { kind: 'refused', because: 'address' };
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // what carries no code, or says that we called it wrongly, is a bug
  if (typeof code !== 'string' || code === 'UND_ERR_INVALID_ARG') throw error;
  return code === 'UND_ERR_CONNECT_TIMEOUT' ? { kind: 'timed-out' } : { kind: 'unreachable', code };
}
