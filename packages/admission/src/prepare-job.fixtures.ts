import { type Config, configSchema } from '@spillway/contracts';
import type { z } from 'zod';

/** One local engine and one cloud account that both serve `small`. */
export const testConfig = (changes: z.input<typeof configSchema> = {}): Config =>
  configSchema.parse({
    backends: {
      'gpu-0': { kind: 'vllm', url: 'http://127.0.0.1:9/v1', models: { small: 'small' } },
      'cloud-0': { kind: 'openai', api_key: 'none', models: { small: 'small-cloud' } },
    },
    ...changes,
  });

/** A submission whose one message says `content`. */
export const chat = (content = 'Say something short.', changes: Record<string, unknown> = {}) => ({
  request: { model: 'small', messages: [{ role: 'user', content }] },
  ...changes,
});
