import { expect, test } from 'vitest';
import { encodeMultipart, type EncodedMultipart, type Part } from './encode-multipart.ts';

const PARTS: Part[] = [
  { name: 'options', type: 'application/json', content: '{"instruction":"sum up"}' },
  {
    name: 'documents[]',
    filename: 'sub/a "ü".txt',
    type: 'text/plain',
    content: new Uint8Array([0, 13, 10, 255]),
  },
];

test('a standard parser reads back every part, byte for byte', async () => {
  const { body, contentType } = await encodeMultipart(PARTS, 'key');
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  expect(form.get('options')).toBe('{"instruction":"sum up"}');
  const file = form.get('documents[]');
  if (!(file instanceof File)) throw new Error('not a file');
  expect(file.name).toBe('sub/a "ü".txt');
  expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([0, 13, 10, 255]);
});

test('the same parts under the same key are the same bytes, under no key they are not', async () => {
  expect(await text(await encodeMultipart(PARTS, 'k'))).toBe(await text(await encodeMultipart(PARTS, 'k')));
  expect(await text(await encodeMultipart(PARTS, undefined))).not.toBe(
    await text(await encodeMultipart(PARTS, undefined)),
  );
});

const text = async (encoded: EncodedMultipart): Promise<string> =>
  encoded.contentType + (await encoded.body.text());
