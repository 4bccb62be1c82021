import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ResultDeps } from '../batches/stream-results.ts';
import type { AppEnv } from '../routes/route-kit.ts';
import { registerCancelMessageBatch } from './batches/cancel-message-batch.ts';
import { type CreateMessageBatchDeps, registerCreateMessageBatch } from './batches/create-message-batch.ts';
import { registerDeleteMessageBatch } from './batches/delete-message-batch.ts';
import { registerGetMessageBatch } from './batches/get-message-batch.ts';
import { registerListMessageBatchResults } from './batches/list-message-batch-results.ts';
import { registerListMessageBatches } from './batches/list-message-batches.ts';

export type AnthropicDeps = CreateMessageBatchDeps & ResultDeps;

/** What Anthropic's clients call. */
export function registerAnthropicRoutes(app: OpenAPIHono<AppEnv>, deps: AnthropicDeps): void {
  registerCreateMessageBatch(app, deps);
  registerListMessageBatches(app, deps);
  registerGetMessageBatch(app, deps);
  registerListMessageBatchResults(app, deps);
  registerCancelMessageBatch(app, deps);
  registerDeleteMessageBatch(app, deps);
}
