import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { BlobStore } from '@spillway/blobs';
import { MOST_PART_BYTES, MOST_PARTS, uploadPartSchema } from '@spillway/contracts';
import { assertNever, type PartId } from '@spillway/core';
import type { UploadStore } from '@spillway/redis';
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { readFileForm } from '../../http/read-file-form.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { toSeconds } from '../file-view.ts';
import { openaiErrors } from '../openai-errors.ts';
import { noSuchUpload, notPending, uploadIdOf } from '../upload-view.ts';
import { dropPart, keepPart, partTooLarge } from '../keep-part.ts';

export interface AddUploadPartDeps {
  readonly uploads: UploadStore;
  readonly blobs: BlobStore;
  readonly newPartId: () => PartId;
}

const formSchema = z.strictObject({ data: z.string().meta({ format: 'binary' }) });

const route = createRoute({
  operationId: 'addUploadPart',
  method: 'post',
  path: '/v1/uploads/{id}/parts',
  summary: 'Add a part of at most 64 MiB; their order is told when the upload is completed',
  request: {
    params: pathIdSchema,
    body: { required: true, content: { 'multipart/form-data': { schema: formSchema } } },
  },
  responses: {
    200: { description: 'It is on disk', content: { 'application/json': { schema: uploadPartSchema } } },
    ...openaiErrors(
      'invalid-request',
      'upload-not-found',
      'upload-not-pending',
      'request-too-large',
      'unsupported-media-type',
    ),
  },
});

const FORM_BYTES = 65_536;
const LONGEST_IDLE_MS = 60_000;
/** A part that was sent again counts twice: this leaves room for every part to be. */
const LIMITS = { mostParts: MOST_PARTS, mostTimesBytes: 2 } as const;

export function registerAddUploadPart(app: OpenAPIHono<AppEnv>, deps: AddUploadPartDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.post('/v1/uploads/:id/parts', async (context) => {
    const uploadId = uploadIdOf(context.req.param('id'));
    const tenantId = context.get('tenantId');
    const upload = await deps.uploads.one(uploadId, tenantId);
    if (upload === undefined) throw noSuchUpload();
    if (upload.status !== 'pending') throw notPending(upload.status);
    const place = { tenantId, uploadId, partId: deps.newPartId() };
    const { file } = await readFileForm(
      context.env.incoming,
      {
        fields: z.strictObject({}),
        fieldBytes: 0,
        fileField: 'data',
        mostBytes: MOST_PART_BYTES + FORM_BYTES,
        idleMs: LONGEST_IDLE_MS,
        fileTooLarge: () => partTooLarge(upload),
      },
      {
        store: (part, signal) => keepPart(deps.blobs, place, part, { upload, signal }),
        discard: () => dropPart(deps.blobs, place),
      },
    );
    const part = { id: place.partId, bytes: file.stored.bytes };
    const addition = await deps.uploads.addPart(uploadId, tenantId, part, LIMITS);
    if (addition.kind !== 'added') await dropPart(deps.blobs, place);
    switch (addition.kind) {
      case 'added':
        return context.json(
          {
            id: part.id,
            object: 'upload.part' as const,
            created_at: toSeconds(addition.atMs),
            upload_id: uploadId,
          },
          200,
        );
      case 'too-much':
        throw new Problem(
          'invalid-request',
          `at most ${LIMITS.mostParts} parts, and together at most twice the ${upload.bytes} bytes of the upload`,
        );
      case 'not-pending':
        throw notPending(addition.status);
      case 'not-found':
        throw noSuchUpload();
      default:
        return assertNever(addition);
    }
  });
}
