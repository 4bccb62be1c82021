import { ENDPOINTS } from '@spillway/core';
import { expect, test } from 'vitest';
import { servedEndpoints } from './served-endpoints.ts';

test('every kind of backend serves the three dialects; Anthropic has nothing else', () => {
  const chats = ['/v1/chat/completions', '/v1/responses', '/v1/messages'];
  expect(servedEndpoints('anthropic')).toEqual(chats);
  for (const kind of [
    'vllm',
    'ollama',
    'llamacpp',
    'local-compatible',
    'openai',
    'openai-compatible',
  ] as const)
    expect(servedEndpoints(kind)).toEqual(ENDPOINTS);
});
