import { Hono } from 'hono';
import { PROVIDER_FAULTS } from '../../faults/fault-rule.ts';
import { reportBug, type SimEnv } from '../sim-context.ts';
import { registerSimRoutes } from '../sim-routes.ts';
import { createAnthropicApp } from './anthropic-app.ts';
import { anthropicError } from './anthropic-errors.ts';
import { createOpenAiApp } from './openai-app.ts';
import { openAiNotFound, openAiServerError } from './openai-errors.ts';
import type { ProviderDeps } from './provider-deps.ts';

/** Both faces of the provider server, and `/_sim` for tests. */
export function createProviderApp(deps: ProviderDeps): Hono<SimEnv> {
  const app = new Hono<SimEnv>();
  app.use(async (context, next) => {
    context.header('x-simulated', 'true');
    await next();
  });
  app.route('/openai', createOpenAiApp(deps));
  app.route('/anthropic', createAnthropicApp(deps));
  app.get('/health', (context) => context.json({ simulated: true }));
  registerSimRoutes(app, {
    faults: deps.faults,
    digests: deps.digests,
    kinds: PROVIDER_FAULTS,
    stats: () => statsJson(deps),
    reset: () => {
      deps.meter.reset();
      deps.cache.reset();
      deps.windows.openai.reset();
      deps.windows.anthropic.reset();
    },
  });
  app.notFound((context) =>
    context.req.path.startsWith('/anthropic')
      ? anthropicError(context, 404, 'Not found')
      : openAiNotFound(context),
  );
  app.onError((error, context) => {
    reportBug(error);
    return context.req.path.startsWith('/anthropic')
      ? anthropicError(context, 500, 'Internal server error of the simulation')
      : openAiServerError(context);
  });
  return app;
}

function statsJson(deps: ProviderDeps): Record<string, number> {
  const counts = deps.meter.stats();
  return {
    running: counts.running,
    waiting: 0,
    peak_running: counts.peakRunning,
    admitted: counts.admitted,
    completed: counts.completed,
    aborted: counts.aborted,
    prompt_tokens: counts.promptTokens,
    generation_tokens: counts.generationTokens,
  };
}
