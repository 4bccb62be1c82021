import type { Endpoint } from '@spillway/core';
import { expect, test } from 'vitest';
import { deriveTask } from './derive-task.ts';

test.each<[Endpoint, Record<string, unknown>, string]>([
  ['/v1/embeddings', { input: 'a' }, 'embeddings'],
  ['/v1/chat/completions', { messages: [] }, 'chat'],
  ['/v1/responses', { input: 'a' }, 'chat'],
  ['/v1/messages', { messages: [] }, 'chat'],
  ['/v1/completions', { prompt: 'a' }, 'completion'],
  ['/v1/chat/completions', { response_format: { type: 'json_object' } }, 'json'],
  ['/v1/completions', { response_format: { type: 'json_schema' } }, 'json'],
  ['/v1/responses', { text: { format: { type: 'json_schema' } } }, 'json'],
  ['/v1/messages', { output_config: { format: { type: 'json_schema' } } }, 'json'],
  ['/v1/messages', { output_format: { type: 'json_schema' } }, 'json'],
  ['/v1/chat/completions', { response_format: { type: 'text' } }, 'chat'],
  ['/v1/responses', { text: { verbosity: 'low' }, response_format: 'json_object' }, 'chat'],
])('%s with %j is taken for %s', (endpoint, request, task) => {
  expect(deriveTask(endpoint, request)).toBe(task);
});
