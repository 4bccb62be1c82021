import type { FileObject } from '@spillway/contracts';
import { type FileId, parseId } from '@spillway/core';
import { bodyOf } from './create-ask.ts';
import type { TestApi } from './open-test-api.ts';
import type { TestTenant } from './samples.ts';

/** Uploads a file and gives its id. */
export async function upload(
  api: TestApi,
  text: string,
  { purpose = 'batch', name = 'input.jsonl', tenant }: UploadOptions = {},
): Promise<FileId> {
  const form = new FormData();
  form.set('purpose', purpose);
  form.set('file', new Blob([text]), name);
  const asked = api.ask('/v1/files', { method: 'POST', body: form, ...(tenant !== undefined && { tenant }) });
  const id = parseId('FileId', ((await bodyOf(200, asked)) as FileObject).id);
  if (!id.ok) throw new Error(id.error);
  return id.value;
}

interface UploadOptions {
  readonly purpose?: string;
  readonly name?: string;
  readonly tenant?: TestTenant;
}

/** So many lines of an input file. */
export const inputLines = (count: number): string =>
  Array.from({ length: count }, (_, index) => {
    const body = { model: 'small', messages: [{ role: 'user', content: `Question ${index}` }] };
    const line = { custom_id: `line-${index}`, method: 'POST', url: '/v1/chat/completions', body };
    return `${JSON.stringify(line)}\n`;
  }).join('');
