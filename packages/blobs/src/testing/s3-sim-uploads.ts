import { randomUUID } from 'node:crypto';
import { element, refusal, textsOf, xml, type SimAnswer, type SimRequest } from './s3-sim-answer.ts';
import { etagOf, type SimObjects } from './s3-sim-objects.ts';

interface SimUpload {
  readonly name: string;
  readonly startedAtMs: number;
  readonly parts: Map<number, Buffer>;
}

export type SimUploads = Map<string, SimUpload>;

export function createUpload(uploads: SimUploads, { name }: SimRequest): SimAnswer {
  const id = randomUUID();
  uploads.set(id, { name, startedAtMs: Date.now(), parts: new Map() });
  return xml('InitiateMultipartUploadResult', `${element('Key', name)}${element('UploadId', id)}`);
}

export function uploadPart(uploads: SimUploads, request: SimRequest): SimAnswer {
  const upload = uploadOf(uploads, request);
  const part = Number(request.query.get('partNumber'));
  if (!upload) return refusal(404, 'NoSuchUpload');
  if (!(part >= 1 && part <= 10_000)) return refusal(400, 'InvalidArgument');
  upload.parts.set(part, request.body);
  return { status: 200, headers: { etag: etagOf(request.body) } };
}

/** Shows the object, whole, when the client names every part by its tag, in order, and none but the last is small. */
export function completeUpload(uploads: SimUploads, objects: SimObjects, request: SimRequest): SimAnswer {
  const upload = uploadOf(uploads, request);
  if (!upload) return refusal(404, 'NoSuchUpload');
  const document = request.body.toString();
  const numbers = textsOf(document, 'PartNumber').map(Number);
  const tags = textsOf(document, 'ETag');
  const parts: Buffer[] = [];
  for (const [index, number] of numbers.entries()) {
    const part = upload.parts.get(number);
    if (!part || etagOf(part) !== tags[index]) return refusal(400, 'InvalidPart');
    if (number <= (numbers[index - 1] ?? 0)) return refusal(400, 'InvalidPartOrder');
    if (part.length < LEAST_PART_BYTES && index < numbers.length - 1) return refusal(400, 'EntityTooSmall');
    parts.push(part);
  }
  if (parts.length === 0) return refusal(400, 'MalformedXML');
  const content = Buffer.concat(parts);
  const etag = `${etagOf(content).slice(0, -1)}-${parts.length}"`;
  objects.set(upload.name, { content, etag, modifiedAtMs: Date.now() });
  uploads.delete(request.query.get('uploadId') ?? '');
  return xml('CompleteMultipartUploadResult', element('ETag', etag));
}

export function abortUpload(uploads: SimUploads, request: SimRequest): SimAnswer {
  if (!uploadOf(uploads, request)) return refusal(404, 'NoSuchUpload');
  uploads.delete(request.query.get('uploadId') ?? '');
  return { status: 204 };
}

/** All on one page: the order of uploads is by name, then by their beginning. */
export function listUploads(uploads: SimUploads, { query }: SimRequest): SimAnswer {
  const prefix = query.get('prefix') ?? '';
  const found = [...uploads].filter(([, { name }]) => name.startsWith(prefix));
  const inner = found.map(
    ([id, { name, startedAtMs }]) =>
      `<Upload>${element('Key', name)}${element('UploadId', id)}${element('Initiated', new Date(startedAtMs).toISOString())}</Upload>`,
  );
  return xml('ListMultipartUploadsResult', `${element('IsTruncated', false)}${inner.join('')}`);
}

function uploadOf(uploads: SimUploads, { name, query }: SimRequest): SimUpload | undefined {
  const upload = uploads.get(query.get('uploadId') ?? '');
  return upload?.name === name ? upload : undefined;
}

const LEAST_PART_BYTES = 5 * 1024 * 1024;
