import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { refusal, type SimAnswer, type SimRequest } from './s3-sim-answer.ts';
import {
  deleteObject,
  deleteObjects,
  getObject,
  headObject,
  listObjects,
  putObject,
  type SimObjects,
} from './s3-sim-objects.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  listUploads,
  uploadPart,
  type SimUploads,
} from './s3-sim-uploads.ts';

/** A simulated S3: one bucket in memory behind real HTTP on 127.0.0.1, path-style. It checks no signatures. */
export interface S3Sim extends AsyncDisposable {
  readonly url: string;
  readonly bucket: string;
  readonly objects: SimObjects;
  readonly uploads: SimUploads;
  /** Every request answered so far, as `GET name` or `POST ?delete`. */
  readonly seen: readonly string[];
  /** Called before each request is answered; what it returns is the answer instead. */
  intercept(before: (request: SimRequest) => Promise<SimAnswer | undefined>): void;
}

/** Starts one on a free port; listings come in pages of `pageSize`. */
export async function startS3Sim(pageSize = 1_000): Promise<S3Sim> {
  const objects: SimObjects = new Map();
  const uploads: SimUploads = new Map();
  const seen: string[] = [];
  let before: ((request: SimRequest) => Promise<SimAnswer | undefined>) | undefined;

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const [, bucket = '', ...name] = url.pathname.split('/');
    const request: SimRequest = {
      method: incoming.method ?? '',
      name: decodeURIComponent(name.join('/')),
      query: url.searchParams,
      header: (wanted) => incoming.headers[wanted]?.toString(),
      body: await buffer(incoming),
    };
    const known = bucket === BUCKET ? undefined : refusal(404, 'NoSuchBucket');
    const { status, headers, body } =
      known ?? (await before?.(request)) ?? answer({ objects, uploads, pageSize }, request);
    seen.push(`${request.method} ${request.name}${url.search === '' ? '' : url.search.slice(0, 12)}`);
    const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body ?? '') };
    outgoing.writeHead(status, { ...length, ...headers }).end(body);
  };
  const server = createServer((incoming, outgoing) => {
    // a client that left in the middle wants no answer
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    bucket: BUCKET,
    objects,
    uploads,
    seen,
    intercept: (next) => {
      before = next;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const BUCKET = 'blobs';

interface Simulation {
  readonly objects: SimObjects;
  readonly uploads: SimUploads;
  readonly pageSize: number;
}

function answer({ objects, uploads, pageSize }: Simulation, request: SimRequest): SimAnswer {
  const { method, name, query, header } = request;
  if (header('authorization') === undefined) return refusal(403, 'AccessDenied');
  if (header('content-encoding') === 'aws-chunked') return refusal(501, 'NotImplemented');
  switch (`${method}${name === '' ? ' bucket' : ''}`) {
    case 'GET bucket':
      return query.has('uploads') ? listUploads(uploads, request) : listObjects(objects, request, pageSize);
    case 'POST bucket':
      return query.has('delete') ? deleteObjects(objects, request) : refusal(501, 'NotImplemented');
    case 'GET':
      return getObject(objects, request);
    case 'HEAD':
      return headObject(objects, request);
    case 'PUT':
      return query.has('uploadId') ? uploadPart(uploads, request) : putObject(objects, request);
    case 'DELETE':
      return query.has('uploadId') ? abortUpload(uploads, request) : deleteObject(objects, request);
    case 'POST':
      if (query.has('uploads')) return createUpload(uploads, request);
      return query.has('uploadId')
        ? completeUpload(uploads, objects, request)
        : refusal(501, 'NotImplemented');
    default:
      return refusal(501, 'NotImplemented');
  }
}
