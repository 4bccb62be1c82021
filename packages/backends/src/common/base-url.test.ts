import { describe, expect, test } from 'vitest';
import { anthropicBaseUrl, cloudBaseUrl, engineBaseUrl, engineRootUrl } from './base-url.ts';

describe('base URLs', () => {
  test.each([
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000'],
    ['http://127.0.0.1:8000/v1/', 'http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000'],
    ['http://host/llm', 'http://host/llm/v1', 'http://host/llm'],
  ])('an engine at %s speaks OpenAI at %s', (url, base, root) => {
    expect(engineBaseUrl(url)).toBe(base);
    expect(engineRootUrl(url)).toBe(root);
  });

  test.each([
    ['https://api.example.com', 'https://api.example.com/v1'],
    ['https://api.example.com/', 'https://api.example.com/v1'],
    ['https://api.example.com/v1beta/openai/', 'https://api.example.com/v1beta/openai'],
  ])('a cloud host at %s is called at %s', (url, base) => {
    expect(cloudBaseUrl(url)).toBe(base);
  });

  test('the Anthropic client brings its own /v1', () => {
    expect(anthropicBaseUrl('http://127.0.0.1:9000/anthropic/v1/')).toBe('http://127.0.0.1:9000/anthropic');
  });
});
