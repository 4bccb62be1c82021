import { parseConfig } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { defaultConfig, type DefaultConfigInput } from './default-config.ts';

const nothing: DefaultConfigInput = { engines: [], clouds: [], apiKeySha256: 'a'.repeat(64) };
const env = { OPENAI_API_KEY: 'swordfish', ANTHROPIC_API_KEY: 'swordfish' };

const parsed = (found: Partial<DefaultConfigInput>) => {
  const result = parseConfig(defaultConfig({ ...nothing, ...found }), env, () => '');
  if (!result.ok) throw new Error(result.error);
  return result.value.config;
};

test('with nothing found it is a valid configuration that receivers on this machine can be tried with', () => {
  const config = parsed({});
  expect(config.backends).toEqual({});
  expect(config.tenants).toMatchObject({ default: { api_key_sha256: ['a'.repeat(64)] } });
  expect(config.webhooks).toMatchObject({ allow_networks: ['127.0.0.0/8'], allow_ports: 'any' });
});

test('a simulated engine is called one', () => {
  const simulated = { url: 'http://127.0.0.1:8123', model: 'llama-3.1-8b-sim' };
  expect(defaultConfig({ ...nothing, simulated })).toMatch(/# .*SIMULATED/);
  expect(parsed({ simulated }).backends).toMatchObject({
    'gpu-sim': { kind: 'vllm', url: simulated.url, models: { 'llama-3.1-8b-sim': 'llama-3.1-8b-sim' } },
  });
});

test('engines become local backends with their models, slots and context', () => {
  const { backends } = parsed({
    engines: [
      {
        kind: 'vllm',
        url: 'http://127.0.0.1:8000',
        models: ['meta/llama-3.1: "8B" #x', 'true'],
        contextTokens: 8192,
      },
      {
        kind: 'llamacpp',
        url: 'http://127.0.0.1:8080',
        models: ['m.gguf'],
        slots: 2,
        version: 'b1\nbackends: {}',
      },
    ],
  });
  expect(backends).toMatchObject({
    'gpu-0': {
      kind: 'vllm',
      models: { 'meta/llama-3.1: "8B" #x': 'meta/llama-3.1: "8B" #x', true: 'true' },
      context_tokens: 8192,
    },
    'gpu-1': { kind: 'llamacpp', max_concurrency: 2 },
  });
});

test('clouds are there by reference to their keys', () => {
  const found: Partial<DefaultConfigInput> = {
    clouds: [
      { kind: 'openai', keyVariable: 'OPENAI_API_KEY', url: 'https://llm.example.com/v1' },
      { kind: 'anthropic', keyVariable: 'ANTHROPIC_API_KEY' },
    ],
  };
  expect(defaultConfig({ ...nothing, ...found })).toContain('api_key: ${env:OPENAI_API_KEY}');
  expect(parsed(found).backends).toMatchObject({
    openai: { url: 'https://llm.example.com/v1', models: { 'gpt-mini': 'gpt-5-mini', gpt: 'gpt-5' } },
    anthropic: { models: { haiku: 'claude-haiku-4-5', sonnet: 'claude-sonnet-5' } },
  });
});
