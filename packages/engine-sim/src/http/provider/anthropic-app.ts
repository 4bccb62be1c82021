import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { writeAnswer } from '../../answers/answer.ts';
import { promptFrom, textTokens } from '../../answers/prompt.ts';
import { playFault } from '../../faults/play-fault.ts';
import { readJson } from '../read-json.ts';
import { disconnectSignal, type SimContext, type SimEnv } from '../sim-context.ts';
import {
  cachedPrefix,
  messagesBody,
  messagesFormat,
  messagesTexts,
  type MessagesBody,
} from './anthropic-body.ts';
import {
  anthropicBodyError,
  anthropicError,
  anthropicRateLimited,
  anthropicUnauthorized,
  renderAnthropicFault,
} from './anthropic-errors.ts';
import { newMessageIds } from './anthropic-message.ts';
import { beginAnswer, type ProviderDeps } from './provider-deps.ts';
import type { RateState } from './rate-window.ts';
import { sendAnthropic } from './send-anthropic.ts';

/** Anthropic's Messages API; whatever model is asked for answers. */
export function createAnthropicApp(deps: ProviderDeps): Hono<SimEnv> {
  const app = new Hono<SimEnv>();
  app.use(async (context, next) => {
    context.header('request-id', `req_sim${randomUUID().replaceAll('-', '')}`);
    context.header('anthropic-organization-id', 'simulated');
    // The SDK sends the key as a bearer token since 1.x, older clients and curl as x-api-key.
    const key =
      context.req.header('x-api-key') ?? context.req.header('authorization')?.replace(/^Bearer /, '');
    if (deps.apiKey !== undefined && key !== deps.apiKey) return anthropicUnauthorized(context);
    if (context.req.header('anthropic-version') === undefined) {
      return anthropicError(context, 400, 'anthropic-version: header is required');
    }
    if (context.req.method !== 'POST') return next();
    const rate = deps.windows.anthropic.take(performance.now());
    setRateHeaders(context, rate);
    return rate.allowed ? next() : anthropicRateLimited(context, rate.resetMs);
  });

  app.post('/v1/messages', async (context) => {
    const read = await readJson(context, messagesBody);
    return read.ok ? answerMessages(context, deps, read.value) : anthropicBodyError(context, read.error);
  });

  app.get('/v1/models', (context) => {
    const data = ['simulated-large', 'simulated-small'].map(modelJson);
    return context.json({ data, has_more: false, first_id: 'simulated-large', last_id: 'simulated-small' });
  });
  app.get('/v1/models/:model', (context) => context.json(modelJson(context.req.param('model'))));
  return app;
}

async function answerMessages(
  context: SimContext,
  deps: ProviderDeps,
  body: MessagesBody,
): Promise<Response> {
  const stream = body.stream ?? false;
  const prompt = promptFrom(messagesTexts(body));
  const signal = disconnectSignal(context);
  deps.digests.add(prompt.digest);
  deps.journal.arrived([prompt.digest], context.env.outgoing);
  const rule = deps.faults.take(prompt.text, 'anthropic');
  const scene = { streaming: stream, renderError: renderAnthropicFault, signal };
  const trouble = await playFault(context, rule, scene);
  if (trouble !== undefined) return trouble;

  const { format, tool } = messagesFormat(body);
  const label = '[simulated anthropic]';
  const answer = writeAnswer({ label, prompt, format, maxTokens: body.max_tokens, seed: deps.seed });
  const outputTokens = answer.pieces.length;
  const pace = beginAnswer(context, deps, { prompt: prompt.tokens, answer: outputTokens }, signal);
  const usage = { ...cacheUsage(deps, body, prompt.tokens), outputTokens };
  return sendAnthropic(context, { ...newMessageIds(), model: body.model, answer, tool, usage }, pace, stream);
}

function cacheUsage(
  deps: ProviderDeps,
  body: MessagesBody,
  promptTokens: number,
): { readonly inputTokens: number; readonly cacheWriteTokens: number; readonly cacheReadTokens: number } {
  const prefix = cachedPrefix(body);
  const { cacheable, cached } = deps.cache.look(`anthropic ${body.model} ${prefix}`, textTokens(prefix));
  return {
    inputTokens: promptTokens - cacheable,
    cacheWriteTokens: cacheable - cached,
    cacheReadTokens: cached,
  };
}

const modelJson = (id: string): object => ({
  type: 'model',
  id,
  display_name: id,
  created_at: '2026-01-01T00:00:00Z',
});

const TOKEN_LIMITS = { 'input-tokens': 2_000_000, 'output-tokens': 400_000, tokens: 2_400_000 };

function setRateHeaders(context: SimContext, rate: RateState): void {
  const reset = `${new Date(Date.now() + rate.resetMs).toISOString().slice(0, 19)}Z`;
  const counts = { requests: [rate.limit, rate.remaining] as const };
  const tokens = Object.entries(TOKEN_LIMITS).map(([kind, limit]) => [kind, [limit, limit]] as const);
  for (const [kind, [limit, remaining]] of [...Object.entries(counts), ...tokens]) {
    context.header(`anthropic-ratelimit-${kind}-limit`, String(limit));
    context.header(`anthropic-ratelimit-${kind}-remaining`, String(remaining));
    context.header(`anthropic-ratelimit-${kind}-reset`, reset);
  }
}
