import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type Config, createUploadRequestSchema, uploadObjectSchema } from '@spillway/contracts';
import type { UploadId } from '@spillway/core';
import type { UploadStore } from '@spillway/redis';
import { readJson } from '../../http/read-json.ts';
import type { AppEnv } from '../../routes/route-kit.ts';
import { fileTooLarge } from '../keep-file.ts';
import { labelOf } from '../label-of.ts';
import { openaiErrors } from '../openai-errors.ts';
import { noSuchUpload, toUploadObject } from '../upload-view.ts';

export interface CreateUploadDeps {
  readonly uploads: UploadStore;
  readonly config: () => Config;
  readonly newUploadId: () => UploadId;
}

const route = createRoute({
  operationId: 'createUpload',
  method: 'post',
  path: '/v1/uploads',
  summary: 'Begin a file that is sent in parts, within an hour',
  request: {
    body: { required: true, content: { 'application/json': { schema: createUploadRequestSchema } } },
  },
  responses: {
    200: { description: 'It takes parts', content: { 'application/json': { schema: uploadObjectSchema } } },
    ...openaiErrors(
      'invalid-request',
      'malformed-json',
      'file-too-large',
      'request-too-large',
      'unsupported-media-type',
      'upload-not-found',
    ),
  },
});

const OPEN_MS = 3_600_000;

export function registerCreateUpload(app: OpenAPIHono<AppEnv>, deps: CreateUploadDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    const { value } = await readJson(context, createUploadRequestSchema);
    const { limits, retention } = deps.config();
    if (value.bytes > limits.max_file_bytes) throw fileTooLarge(limits.max_file_bytes, 'bytes');
    const tenantId = context.get('tenantId');
    const id = deps.newUploadId();
    await deps.uploads.create({
      id,
      tenantId,
      filename: labelOf(value.filename),
      purpose: value.purpose,
      bytes: value.bytes,
      openMs: OPEN_MS,
      fileKeepMs: (value.expires_after?.seconds ?? retention.files_seconds) * 1000,
    });
    const upload = await deps.uploads.one(id, tenantId);
    if (upload === undefined) throw noSuchUpload();
    return context.json(toUploadObject(upload, undefined), 200);
  });
}
