import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type Config, createFileFieldsSchema, fileObjectSchema } from '@spillway/contracts';
import { z } from 'zod';
import { readFileForm } from '../../http/read-file-form.ts';
import type { AppEnv } from '../../routes/route-kit.ts';
import { toFileObject } from '../file-view.ts';
import { dropFile, fileTooLarge, keepFile, type KeepFileDeps } from '../keep-file.ts';
import { labelOf } from '../label-of.ts';
import { openaiErrors } from '../openai-errors.ts';

export interface CreateFileDeps extends KeepFileDeps {
  readonly config: () => Config;
}

const formSchema = createFileFieldsSchema.safeExtend({
  file: z.string().meta({ format: 'binary', description: 'its part may stand anywhere in the form' }),
});

const route = createRoute({
  operationId: 'createFile',
  method: 'post',
  path: '/v1/files',
  summary: 'Upload a file',
  request: { body: { required: true, content: { 'multipart/form-data': { schema: formSchema } } } },
  responses: {
    200: { description: 'It is on disk', content: { 'application/json': { schema: fileObjectSchema } } },
    ...openaiErrors('invalid-request', 'file-too-large', 'request-too-large', 'unsupported-media-type'),
  },
});

/** The rest of a form beside its file, in bytes. */
const FORM_BYTES = 1_048_576;
/** Of a purpose or a number: room enough. */
const FIELD_BYTES = 4096;
const LONGEST_IDLE_MS = 60_000;

export function registerCreateFile(app: OpenAPIHono<AppEnv>, deps: CreateFileDeps): void {
  // Described here and read by hand, as a stream: the framework would put the whole form into memory.
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (context) => {
    const { incoming } = context.env;
    const tenantId = context.get('tenantId');
    const { limits, retention } = deps.config();
    const { max_file_bytes: mostBytes } = limits;
    if (Number(incoming.headers['content-length'] ?? 0) > mostBytes + FORM_BYTES)
      throw fileTooLarge(mostBytes);
    const { fields, file } = await readFileForm(
      incoming,
      {
        fields: createFileFieldsSchema,
        fieldBytes: FIELD_BYTES,
        fileField: 'file',
        mostBytes: mostBytes + FORM_BYTES,
        idleMs: LONGEST_IDLE_MS,
        fileTooLarge: () => fileTooLarge(mostBytes),
      },
      {
        store: (bytes, signal) => keepFile(deps, tenantId, bytes, { mostBytes, signal }),
        discard: (kept) => dropFile(deps, kept),
      },
    );
    const record = await deps.files.create({
      ...file.stored,
      filename: labelOf(file.filename),
      purpose: fields.purpose,
      keepMs: (fields['expires_after[seconds]'] ?? retention.files_seconds) * 1000,
    });
    return context.json(toFileObject(record), 200);
  });
}
