import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { completeUploadRequestSchema, uploadObjectSchema } from '@spillway/contracts';
import { assertNever } from '@spillway/core';
import { readJson } from '../../http/read-json.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { type AssembleDeps, assembleUpload } from '../assemble-upload.ts';
import { noSuchFile, toFileObject } from '../file-view.ts';
import { openaiErrors } from '../openai-errors.ts';
import { noSuchUpload, notPending, toUploadObject, uploadIdOf } from '../upload-view.ts';

const route = createRoute({
  operationId: 'completeUpload',
  method: 'post',
  path: '/v1/uploads/{id}/complete',
  summary: 'Make a file of the parts, in the order given; again in the same order is answered the same',
  request: {
    params: pathIdSchema,
    body: { required: true, content: { 'application/json': { schema: completeUploadRequestSchema } } },
  },
  responses: {
    200: { description: 'With its file', content: { 'application/json': { schema: uploadObjectSchema } } },
    ...openaiErrors(
      'invalid-request',
      'malformed-json',
      'upload-not-found',
      'upload-not-pending',
      'file-not-found',
      'request-too-large',
      'unsupported-media-type',
    ),
  },
});

export function registerCompleteUpload(app: OpenAPIHono<AppEnv>, deps: AssembleDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.post('/v1/uploads/:id/complete', async (context) => {
    const id = uploadIdOf(context.req.param('id'));
    const { value } = await readJson(context, completeUploadRequestSchema);
    const tenantId = context.get('tenantId');
    const upload = await deps.uploads.one(id, tenantId);
    if (upload === undefined) throw noSuchUpload();
    const { part_ids: partIds, md5 } = value;
    const assembly = await assembleUpload(deps, upload, { partIds, md5 }, context.req.raw.signal);
    switch (assembly.kind) {
      case 'completed': {
        const [file, completed] = await Promise.all([
          deps.files.one(assembly.fileId, tenantId),
          deps.uploads.one(id, tenantId),
        ]);
        if (file === undefined || completed === undefined) throw noSuchFile();
        return context.json(toUploadObject(completed, toFileObject(file)), 200);
      }
      case 'not-pending':
        throw notPending(assembly.status);
      case 'not-found':
        throw noSuchUpload();
      default:
        return assertNever(assembly);
    }
  });
}
