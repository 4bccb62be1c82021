import { Hono } from 'hono';
import { ENGINE_FAULTS } from '../../faults/fault-rule.ts';
import {
  completionBody,
  completionTexts,
  chatBody,
  chatTexts,
  embeddingBody,
  formatOf,
} from '../openai-bodies.ts';
import { CHAT_SHAPE, COMPLETION_SHAPE } from '../openai-shapes.ts';
import { readJson } from '../read-json.ts';
import { reportBug, type SimEnv } from '../sim-context.ts';
import { registerSimRoutes } from '../sim-routes.ts';
import { embed } from './embed.ts';
import type { EngineDeps } from './engine-deps.ts';
import { engineMetrics } from './engine-metrics.ts';
import { engineStats } from './engine-stats.ts';
import { generate } from './generate.ts';
import { bodyError, vllmError } from './vllm-errors.ts';

/** The HTTP face of a vLLM server, plus `/_sim` for tests. */
export function createEngineApp(deps: EngineDeps): Hono<SimEnv> {
  const app = new Hono<SimEnv>();
  app.use(async (context, next) => {
    context.header('x-simulated', 'true');
    await next();
  });
  // as in vLLM, the key guards /v1 and nothing else
  app.use('/v1/*', async (context, next) => {
    if (deps.apiKey !== undefined && context.req.header('authorization') !== `Bearer ${deps.apiKey}`) {
      return context.json({ error: 'Unauthorized' }, 401);
    }
    return next();
  });

  app.post('/v1/chat/completions', async (context) => {
    const read = await readJson(context, chatBody);
    if (!read.ok) return bodyError(context, read.error);
    const body = read.value;
    return generate(context, deps, {
      shape: CHAT_SHAPE,
      model: body.model,
      texts: chatTexts(body),
      cacheSalt: body.cache_salt ?? undefined,
      format: formatOf(body.response_format),
      maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
      stream: body.stream ?? false,
      includeUsage: body.stream_options?.include_usage ?? false,
    });
  });

  app.post('/v1/completions', async (context) => {
    const read = await readJson(context, completionBody);
    if (!read.ok) return bodyError(context, read.error);
    const body = read.value;
    return generate(context, deps, {
      shape: COMPLETION_SHAPE,
      model: body.model,
      texts: completionTexts(body),
      cacheSalt: body.cache_salt ?? undefined,
      format: { kind: 'text' },
      maxTokens: body.max_tokens ?? undefined,
      stream: body.stream ?? false,
      includeUsage: body.stream_options?.include_usage ?? false,
    });
  });

  app.post('/v1/embeddings', async (context) => {
    const read = await readJson(context, embeddingBody);
    return read.ok ? embed(context, deps, read.value) : bodyError(context, read.error);
  });

  registerOperations(app, deps);
  registerSimRoutes(app, {
    faults: deps.faults,
    digests: deps.digests,
    kinds: ENGINE_FAULTS,
    stats: () => statsJson(deps),
    reset: () => {
      deps.loop.resetCounters();
      deps.mistakes.reset();
    },
  });
  app.notFound((context) => context.json({ detail: 'Not Found' }, 404));
  app.onError((error, context) => {
    reportBug(error);
    return vllmError(context, 500, 'Internal server error of the simulation');
  });
  return app;
}

function registerOperations(app: Hono<SimEnv>, deps: EngineDeps): void {
  app.get('/v1/models', (context) =>
    context.json({
      object: 'list',
      data: [
        {
          id: deps.modelName,
          object: 'model',
          created: deps.startedAtSeconds,
          owned_by: 'engine-sim',
          root: deps.modelName,
          parent: null,
          max_model_len: deps.maxModelLen,
        },
      ],
    }),
  );
  app.get('/health', (context) => context.body(null, deps.faults.takeUnhealthy() ? 503 : 200));
  app.get('/version', (context) => context.json({ version: '0.31.0+simulated' }));
  app.get('/metrics', (context) =>
    context.body(engineMetrics(deps), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
}

function statsJson(deps: EngineDeps): Record<string, number> {
  const stats = engineStats(deps);
  return {
    running: stats.running,
    waiting: stats.waiting,
    peak_running: stats.peakRunning,
    peak_in_flight: stats.peakInFlight,
    admitted: stats.admitted,
    completed: stats.completed,
    aborted: stats.aborted,
    preemptions: stats.preemptions,
    prompt_tokens: stats.promptTokens,
    generation_tokens: stats.generationTokens,
  };
}
