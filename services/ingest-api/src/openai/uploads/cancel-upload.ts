import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { BlobStore } from '@spillway/blobs';
import { uploadObjectSchema } from '@spillway/contracts';
import type { UploadStore } from '@spillway/redis';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { dropParts } from '../keep-part.ts';
import { openaiErrors } from '../openai-errors.ts';
import { noSuchUpload, notPending, toUploadObject, uploadIdOf } from '../upload-view.ts';

export interface CancelUploadDeps {
  readonly uploads: UploadStore;
  readonly blobs: BlobStore;
}

const route = createRoute({
  operationId: 'cancelUpload',
  method: 'post',
  path: '/v1/uploads/{id}/cancel',
  summary: 'Give an upload up, with its parts; again changes nothing',
  request: { params: pathIdSchema },
  responses: {
    200: { description: 'It is cancelled', content: { 'application/json': { schema: uploadObjectSchema } } },
    ...openaiErrors('upload-not-found', 'upload-not-pending'),
  },
});

export function registerCancelUpload(app: OpenAPIHono<AppEnv>, { uploads, blobs }: CancelUploadDeps): void {
  app.openapi(route, async (context) => {
    const id = uploadIdOf(context.req.valid('param').id);
    const tenantId = context.get('tenantId');
    const cancellation = await uploads.cancel(id, tenantId);
    if (cancellation.kind === 'not-pending') throw notPending(cancellation.status);
    const upload = cancellation.kind === 'cancelled' ? await uploads.one(id, tenantId) : undefined;
    if (upload === undefined) throw noSuchUpload();
    await dropParts(blobs, tenantId, id);
    return context.json(toUploadObject(upload, undefined), 200);
  });
}
