import OpenAI from 'openai';
import type { TestApi } from './open-test-api.ts';
import { KEYS, type TestTenant } from './samples.ts';

/** OpenAI's own client, with nothing but its address changed. */
export const openSdk = (api: TestApi, tenant: TestTenant = 'acme'): OpenAI =>
  new OpenAI({ baseURL: `${api.url}/v1`, apiKey: KEYS[tenant] });
