import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { BlobRead, BlobStore } from '@spillway/blobs';
import type { FileRecord, FileStore } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import { z } from 'zod';
import { matchesEtag } from '../../http/etag.ts';
import { openLines } from '../../http/open-lines.ts';
import { parseRange, type RangeRequest } from '../../http/parse-range.ts';
import { Problem } from '../../http/problem.ts';
import { type AppEnv, pathIdSchema } from '../../routes/route-kit.ts';
import { fileIdOf, noSuchFile } from '../file-view.ts';
import { openaiErrors } from '../openai-errors.ts';

export interface DownloadFileDeps {
  readonly files: FileStore;
  readonly blobs: BlobStore;
  readonly logger: Logger;
}

const content = {
  'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) },
};

const route = createRoute({
  operationId: 'downloadFile',
  method: 'get',
  path: '/v1/files/{id}/content',
  summary: 'The bytes of a file, or a range of them',
  request: {
    params: pathIdSchema,
    headers: z.object({
      range: z.string().optional().meta({ description: 'bytes=A-B: one range' }),
      'if-range': z.string().optional(),
      'if-none-match': z.string().optional(),
    }),
  },
  responses: {
    200: { description: 'The whole file', content },
    206: { description: 'The range asked for', content },
    304: { description: 'You have it already' },
    ...openaiErrors('file-not-found', 'range-not-satisfiable'),
  },
});

const LONGEST_IDLE_MS = 60_000;

export function registerDownloadFile(app: OpenAPIHono<AppEnv>, deps: DownloadFileDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.get('/v1/files/:id/content', async (context) => {
    const { files, blobs, logger } = deps;
    const id = fileIdOf(context.req.param('id'));
    const file = await files.one(id, context.get('tenantId'));
    if (file === undefined) throw noSuchFile();
    const etag = `"${file.sha256}"`;
    context.header('etag', etag);
    context.header('accept-ranges', 'bytes');
    if (matchesEtag(context.req.header('if-none-match'), etag)) return context.body(null, 304);

    const range = rangeOf(file, context.req.header('range'), context.req.header('if-range'), etag);
    const { start, end } = range.kind === 'part' ? range : { start: 0, end: file.bytes };
    const status = range.kind === 'part' ? 206 : 200;
    if (range.kind === 'part') context.header('content-range', `bytes ${start}-${end - 1}/${file.bytes}`);
    context.header('content-length', String(end - start));
    context.header('content-type', 'application/octet-stream');
    // Whatever was uploaded, no browser is to show it as a page of ours.
    context.header('content-disposition', `attachment; filename*=UTF-8''${encodeName(file.filename)}`);
    context.header('x-content-type-options', 'nosniff');
    if (context.req.method === 'HEAD' || start === end) return context.body(null, status);

    const key = { tenantId: file.tenantId, path: file.path };
    const { signal } = context.req.raw;
    const read = await blobs.read(key, { signal, range: { start, end } });
    if (read === undefined) throw noSuchFile();
    const body = await openLines(chunksOf(read), {
      idleMs: LONGEST_IDLE_MS,
      onFailure: (error) => {
        if (!signal.aborted) logger.warn({ event: 'file.cut', file: id, error });
      },
    });
    return context.body(body, status);
  });
}

function rangeOf(
  { bytes }: FileRecord,
  range: string | undefined,
  ifRange: string | undefined,
  etag: string,
): Exclude<RangeRequest, { kind: 'not-satisfiable' }> {
  // Part of one content is no part of another; a date says too little to tell.
  const asked = parseRange(ifRange === undefined || ifRange === etag ? range : undefined, bytes);
  if (asked.kind !== 'not-satisfiable') return asked;
  throw new Problem('range-not-satisfiable', `the file has ${bytes} bytes`, {
    headers: { 'content-range': `bytes */${bytes}` },
  });
}

async function* chunksOf({ body }: BlobRead): AsyncGenerator<Uint8Array, void, undefined> {
  await using open = body;
  yield* open;
}

/** As RFC 8187 wants it. */
const encodeName = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
