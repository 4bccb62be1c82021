import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { EMBEDDING_DIMENSIONS } from '../../answers/embedding.ts';
import { promptFrom } from '../../answers/prompt.ts';
import { playFault } from '../../faults/play-fault.ts';
import { embeddingJson } from '../embedding-json.ts';
import {
  chatBody,
  chatTexts,
  completionBody,
  completionTexts,
  embeddingBody,
  embeddingTexts,
  formatOf,
} from '../openai-bodies.ts';
import { CHAT_SHAPE, COMPLETION_SHAPE } from '../openai-shapes.ts';
import { readJson } from '../read-json.ts';
import { clientGone, disconnectSignal, type SimContext, type SimEnv } from '../sim-context.ts';
import { generateOpenAi } from './generate-openai.ts';
import {
  openAiBodyError,
  openAiRateLimited,
  openAiUnauthorized,
  renderOpenAiFault,
} from './openai-errors.ts';
import { beginAnswer, type ProviderDeps } from './provider-deps.ts';
import type { RateState } from './rate-window.ts';
import { responseShape } from './response-shape.ts';
import { responsesBody, responsesFormat, responsesTexts } from './responses-body.ts';

/** OpenAI's API as far as jobs use it; whatever model is asked for answers. */
export function createOpenAiApp(deps: ProviderDeps): Hono<SimEnv> {
  const app = new Hono<SimEnv>();
  app.use(async (context, next) => {
    context.header('x-request-id', `req_${randomUUID().replaceAll('-', '')}`);
    context.header('openai-version', '2020-10-01');
    context.header('openai-organization', 'simulated');
    context.header('openai-processing-ms', String(Math.round(deps.latency.firstTokenMs)));
    if (deps.apiKey !== undefined && context.req.header('authorization') !== `Bearer ${deps.apiKey}`) {
      return openAiUnauthorized(context);
    }
    if (context.req.method !== 'POST') return next();
    const rate = deps.windows.openai.take(performance.now());
    setRateHeaders(context, rate);
    return rate.allowed ? next() : openAiRateLimited(context, rate.resetMs);
  });

  app.post('/v1/chat/completions', async (context) => {
    const read = await readJson(context, chatBody);
    if (!read.ok) return openAiBodyError(context, read.error);
    const texts = chatTexts(read.value);
    return generateOpenAi(context, deps, {
      shape: CHAT_SHAPE,
      body: read.value,
      texts,
      prefix: texts[0] ?? '',
      format: formatOf(read.value.response_format),
      maxTokens: read.value.max_completion_tokens ?? read.value.max_tokens ?? Infinity,
    });
  });

  app.post('/v1/completions', async (context) => {
    const read = await readJson(context, completionBody);
    if (!read.ok) return openAiBodyError(context, read.error);
    return generateOpenAi(context, deps, {
      shape: COMPLETION_SHAPE,
      body: read.value,
      texts: completionTexts(read.value),
      prefix: '',
      format: { kind: 'text' },
      maxTokens: read.value.max_tokens ?? Infinity,
    });
  });

  app.post('/v1/responses', async (context) => {
    const read = await readJson(context, responsesBody);
    if (!read.ok) return openAiBodyError(context, read.error);
    const { instructions, max_output_tokens: maxTokens, model } = read.value;
    return generateOpenAi(context, deps, {
      shape: responseShape(read.value),
      body: { model },
      texts: responsesTexts(read.value),
      prefix: instructions ?? '',
      format: responsesFormat(read.value),
      maxTokens: maxTokens ?? Infinity,
    });
  });

  app.post('/v1/embeddings', async (context) => {
    const read = await readJson(context, embeddingBody);
    if (!read.ok) return openAiBodyError(context, read.error);
    const { model = 'unnamed', dimensions, encoding_format: encoding } = read.value;
    const prompts = embeddingTexts(read.value).map((text) => promptFrom([text]));
    const signal = disconnectSignal(context);
    const digests = prompts.map(({ digest }) => digest);
    for (const digest of digests) deps.digests.add(digest);
    deps.journal.arrived(digests, context.env.outgoing);
    const rule = deps.faults.take(prompts.map(({ text }) => text).join('\n'), 'openai');
    const scene = { streaming: false, renderError: renderOpenAiFault, signal };
    const trouble = await playFault(context, rule, scene);
    if (trouble !== undefined) return trouble;
    const promptTokens = prompts.reduce((sum, prompt) => sum + prompt.tokens, 0);
    const pace = beginAnswer(context, deps, { prompt: promptTokens, answer: 1 }, signal);
    if ((await pace.ended()) === 'aborted') return clientGone(context);
    return context.json(
      embeddingJson(model, prompts, dimensions ?? EMBEDDING_DIMENSIONS, encoding ?? 'float'),
    );
  });

  app.get('/v1/models', (context) =>
    context.json({ object: 'list', data: ['simulated-large', 'simulated-small'].map(modelJson) }),
  );
  app.get('/v1/models/:model', (context) => context.json(modelJson(context.req.param('model'))));
  return app;
}

const modelJson = (id: string): object => ({
  id,
  object: 'model',
  created: 1_767_225_600,
  owned_by: 'engine-sim',
});

const TOKENS_PER_MINUTE = 2_000_000;

function setRateHeaders(context: SimContext, rate: RateState): void {
  const reset = openAiDuration(rate.resetMs);
  context.header('x-ratelimit-limit-requests', String(rate.limit));
  context.header('x-ratelimit-remaining-requests', String(rate.remaining));
  context.header('x-ratelimit-reset-requests', reset);
  context.header('x-ratelimit-limit-tokens', String(TOKENS_PER_MINUTE));
  context.header('x-ratelimit-remaining-tokens', String(TOKENS_PER_MINUTE));
  context.header('x-ratelimit-reset-tokens', reset);
}

/** OpenAI's way to write a length of time: `12ms`, `8.64s`, `6m0s`. */
function openAiDuration(lengthMs: number): string {
  if (lengthMs < 1_000) return `${Math.ceil(lengthMs)}ms`;
  const minutes = Math.floor(lengthMs / 60_000);
  const seconds = Math.round((lengthMs % 60_000) / 10) / 100;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
