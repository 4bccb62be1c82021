import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { fileDeletedSchema } from '@spillway/contracts';
import { assertNever } from '@spillway/core';
import { Problem } from '../../http/problem.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { fileIdOf, noSuchFile } from '../file-view.ts';
import { dropFile, type KeepFileDeps } from '../keep-file.ts';
import { openaiErrors } from '../openai-errors.ts';

export type DeleteFileDeps = Pick<KeepFileDeps, 'files' | 'blobs'>;

const route = createRoute({
  operationId: 'deleteFile',
  method: 'delete',
  path: '/v1/files/{id}',
  summary: 'Delete a file that no batch reads',
  request: { params: pathIdSchema },
  responses: {
    200: { description: 'It is gone', content: { 'application/json': { schema: fileDeletedSchema } } },
    ...openaiErrors('file-not-found', 'file-in-use'),
  },
});

export function registerDeleteFile(app: OpenAPIHono<AppEnv>, deps: DeleteFileDeps): void {
  app.openapi(route, async (context) => {
    const id = fileIdOf(context.req.valid('param').id);
    const tenantId = context.get('tenantId');
    const deletion = await deps.files.delete(id, tenantId);
    switch (deletion.kind) {
      case 'deleted':
        await dropFile(deps, { id, tenantId, path: deletion.path });
        return context.json({ id, object: 'file' as const, deleted: true as const }, 200);
      case 'in-use':
        throw new Problem('file-in-use', 'a batch still reads this file: cancel it, or wait for its end');
      case 'not-found':
        throw noSuchFile();
      default:
        return assertNever(deletion);
    }
  });
}
