import { createHash } from 'node:crypto';
import { type Config, configSchema } from '@spillway/contracts';
import type { z } from 'zod';

/** The API keys of the tenants below; `guest` may have one job at a time. */
export const KEYS = { acme: 'key-of-acme', other: 'key-of-other', guest: 'key-of-guest' } as const;
export type TestTenant = keyof typeof KEYS;

const hashed = (tenant: TestTenant) => [createHash('sha256').update(KEYS[tenant]).digest('hex')];

/** One local engine and one cloud account that both serve `small`; limits that a test can reach. */
export const testConfig = (changes: z.input<typeof configSchema> = {}): Config =>
  configSchema.parse({
    backends: {
      'gpu-0': { kind: 'vllm', url: 'http://127.0.0.1:9/v1', models: { small: 'small' } },
      'cloud-0': { kind: 'openai', api_key: 'none', models: { small: 'small-cloud' } },
    },
    tenants: {
      acme: { api_key_sha256: hashed('acme') },
      other: { api_key_sha256: hashed('other') },
      guest: { api_key_sha256: hashed('guest'), max_queued_jobs: 1 },
    },
    limits: { max_request_bytes: 1_048_576, max_batch_bytes: 2_097_152, max_batch_documents: 5 },
    ...changes,
  });

/** A submission whose one message says `content`. */
export const chat = (content = 'Say something short.', changes: Record<string, unknown> = {}) => ({
  request: { model: 'small', messages: [{ role: 'user', content }] },
  ...changes,
});

export interface TestFile {
  readonly name: string;
  readonly text: string;
}

/** The multipart body of a batch. */
export function batchForm(files: readonly TestFile[], options: Record<string, unknown> = {}): FormData {
  const form = new FormData();
  form.set('options', JSON.stringify({ instruction: 'Summarise.', model: 'small', ...options }));
  for (const { name, text } of files) form.append('documents[]', new Blob([text]), name);
  return form;
}
