import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { fileObjectSchema } from '@spillway/contracts';
import type { FileStore } from '@spillway/redis';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { fileIdOf, noSuchFile, toFileObject } from '../file-view.ts';
import { openaiErrors } from '../openai-errors.ts';

export interface RetrieveFileDeps {
  readonly files: FileStore;
}

const route = createRoute({
  operationId: 'retrieveFile',
  method: 'get',
  path: '/v1/files/{id}',
  summary: 'Look at a file',
  request: { params: pathIdSchema },
  responses: {
    200: { description: 'The file', content: { 'application/json': { schema: fileObjectSchema } } },
    ...openaiErrors('file-not-found'),
  },
});

export function registerRetrieveFile(app: OpenAPIHono<AppEnv>, { files }: RetrieveFileDeps): void {
  app.openapi(route, async (context) => {
    const file = await files.one(fileIdOf(context.req.valid('param').id), context.get('tenantId'));
    if (file === undefined) throw noSuchFile();
    return context.json(toFileObject(file), 200);
  });
}
