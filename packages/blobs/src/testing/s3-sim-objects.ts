import { createHash } from 'node:crypto';
import { element, refusal, textsOf, xml, type SimAnswer, type SimRequest } from './s3-sim-answer.ts';

interface SimObject {
  readonly content: Buffer;
  readonly etag: string;
  readonly modifiedAtMs: number;
}

export type SimObjects = Map<string, SimObject>;

export const etagOf = (content: Buffer): string => `"${createHash('md5').update(content).digest('hex')}"`;

export function putObject(objects: SimObjects, { name, body }: SimRequest): SimAnswer {
  const etag = etagOf(body);
  objects.set(name, { content: body, etag, modifiedAtMs: Date.now() });
  return { status: 200, headers: { etag } };
}

export function getObject(objects: SimObjects, { name, header }: SimRequest): SimAnswer {
  const found = objects.get(name);
  if (!found) return refusal(404, 'NoSuchKey');
  const condition = header('if-match');
  if (condition !== undefined && condition !== found.etag) return refusal(412, 'PreconditionFailed');
  const { content } = found;
  const headers = { etag: found.etag, 'last-modified': new Date(found.modifiedAtMs).toUTCString() };
  const asked = header('range');
  if (asked === undefined) return { status: 200, headers, body: content };
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(asked) ?? [];
  const start = from === '' ? Math.max(0, content.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? content.length : Math.min(content.length, Number(to) + 1);
  if (start >= end) return refusal(416, 'InvalidRange');
  const range = `bytes ${start}-${end - 1}/${content.length}`;
  return { status: 206, headers: { ...headers, 'content-range': range }, body: content.subarray(start, end) };
}

/** HEAD says what GET would, without a body; its refusals have none either. */
export function headObject(objects: SimObjects, request: SimRequest): SimAnswer {
  const { status, headers } = getObject(objects, request);
  return status < 300 ? { status, headers: { ...headers } } : { status };
}

export function deleteObject(objects: SimObjects, { name, header }: SimRequest): SimAnswer {
  const condition = header('if-match');
  const found = objects.get(name);
  if (condition !== undefined && !found) return refusal(404, 'NoSuchKey');
  if (condition !== undefined && condition !== found?.etag) return refusal(412, 'PreconditionFailed');
  objects.delete(name);
  return { status: 204 };
}

export function deleteObjects(objects: SimObjects, { header, body }: SimRequest): SimAnswer {
  const proven = ['content-md5', 'x-amz-checksum-crc32', 'x-amz-checksum-crc64nvme'].some(
    (name) => header(name) !== undefined,
  );
  const names = textsOf(body.toString(), 'Key');
  if (!proven) return refusal(400, 'InvalidRequest');
  if (names.length === 0 || names.length > 1_000) return refusal(400, 'MalformedXML');
  for (const name of names) objects.delete(name);
  return xml('DeleteResult', '');
}

/** Names in the order of their bytes, a page at a time; the token is the last name of the page before. */
export function listObjects(objects: SimObjects, { query }: SimRequest, pageSize: number): SimAnswer {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const names = [...objects.keys()]
    .filter((name) => name.startsWith(prefix) && name > after)
    .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const page = names.slice(0, pageSize);
  const truncated = page.length < names.length;
  const contents = page.map((name) => {
    const found = objects.get(name);
    const modified = new Date(found?.modifiedAtMs ?? 0).toISOString();
    const size = found?.content.length ?? 0;
    return `<Contents>${element('Key', name)}${element('LastModified', modified)}${element('Size', size)}</Contents>`;
  });
  const next = truncated ? element('NextContinuationToken', page.at(-1) ?? '') : '';
  return xml('ListBucketResult', `${element('IsTruncated', truncated)}${next}${contents.join('')}`);
}
