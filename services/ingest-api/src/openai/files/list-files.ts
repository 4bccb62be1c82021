import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { fileListSchema, listFilesQuerySchema } from '@spillway/contracts';
import type { FileStore } from '@spillway/redis';
import type { AppEnv } from '../../routes/route-kit.ts';
import { toFileObject } from '../file-view.ts';
import { openaiErrors } from '../openai-errors.ts';

export interface ListFilesDeps {
  readonly files: FileStore;
}

const route = createRoute({
  operationId: 'listFiles',
  method: 'get',
  path: '/v1/files',
  summary: 'List your files, newest first unless asked otherwise',
  request: { query: listFilesQuerySchema },
  responses: {
    200: { description: 'One page', content: { 'application/json': { schema: fileListSchema } } },
    ...openaiErrors('invalid-request'),
  },
});

export function registerListFiles(app: OpenAPIHono<AppEnv>, { files }: ListFilesDeps): void {
  app.openapi(route, async (context) => {
    const { purpose, limit, order, after } = context.req.valid('query');
    const page = await files.list(context.get('tenantId'), { purpose, limit, order, after });
    const data = page.files.map(toFileObject);
    const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    return context.json({ object: 'list' as const, data, ...ends, has_more: page.hasMore }, 200);
  });
}
