import { RTX_4090, TRUSTED } from '@spillway/core';
import { backendDescriptorSchema } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { describeBackend } from './describe-backend.ts';
import { KNOWS_NOTHING } from './engine-knowledge.ts';
import { observeEngine, unknownEngine } from './engine-state.ts';
import { aConfig, aSample, BUSY, MODEL } from './testing/fixtures.ts';

const NOW_MS = 1000;
const NEW = { profile: RTX_4090, reliability: TRUSTED };

const seen = (...[changes]: Parameters<typeof aSample>) => observeEngine(unknownEngine(0), aSample(changes));
const realCard = {
  index: 0,
  uuid: 'GPU-0',
  name: 'a card',
  powerWatts: 120,
  memoryUsedMiB: 20_000,
  throttle: [],
} as const;

describe('what a heartbeat says', () => {
  test('is what its reader takes, of an engine nobody has seen, too', () => {
    for (const state of [unknownEngine(5), seen(), seen({ metrics: BUSY })]) {
      const descriptor = describeBackend(aConfig({ context_tokens: 8192 }), state, NEW, NOW_MS);
      expect(backendDescriptorSchema.parse(descriptor)).toEqual(descriptor);
    }
  });

  test('names the models as clients do, and says since when the engine is down', () => {
    expect(describeBackend(aConfig(), unknownEngine(5), NEW, NOW_MS)).toEqual({
      kind: 'vllm',
      location: 'local',
      models: [MODEL],
      endpoints: [
        '/v1/chat/completions',
        '/v1/completions',
        '/v1/embeddings',
        '/v1/responses',
        '/v1/messages',
      ],
      simulated: false,
      draining: false,
      down: { forMs: NOW_MS - 5, because: 'the engine has not answered yet' },
      ...NEW,
    });
  });

  test('has the load and KV cache the engine tells of', () => {
    expect(describeBackend(aConfig(), seen({ metrics: BUSY }), NEW, NOW_MS)).toMatchObject({
      kvCapacityTokens: 96_000,
      engine: { running: 3, waiting: 1, kvCacheUsage: 0.5 },
    });
  });

  test('has the age of the engine’s own figures, while there are any', () => {
    const state = seen({ atMs: 400, metrics: BUSY });
    expect(describeBackend(aConfig(), state, NEW, NOW_MS).telemetryAgeMs).toBe(600);
    const silent = observeEngine(state, aSample({ atMs: 900, metrics: undefined }));
    expect(describeBackend(aConfig(), silent, NEW, NOW_MS).telemetryAgeMs).toBe(600);
    expect(describeBackend(aConfig(), seen({ metrics: undefined }), NEW, NOW_MS)).not.toHaveProperty(
      'telemetryAgeMs',
    );
    expect(describeBackend(aConfig({ kind: 'ollama' }), state, NEW, NOW_MS)).not.toHaveProperty(
      'telemetryAgeMs',
    );
  });

  test('has what attempts have taught', () => {
    const energy = { joulesPerToken: 0.4, usdPerKwh: 0.3 };
    const profileEstimate = { engine: 'of some kind', knowledge: KNOWS_NOTHING };
    const reliability = { succeeded: 0.9, timedOut: 0.1 };
    const learned = { ...NEW, energy, reliability, profileEstimate };
    expect(describeBackend(aConfig(), seen(), learned, NOW_MS)).toMatchObject(learned);
  });

  test('has no load when the engine does not tell: unknown is not idle', () => {
    expect(describeBackend(aConfig(), seen({ metrics: undefined }), NEW, NOW_MS)).not.toHaveProperty(
      'engine',
    );
  });

  test('believes the configuration about the KV cache before the engine', () => {
    const config = aConfig({ kv_capacity_tokens: 50_000 });
    expect(describeBackend(config, seen({ metrics: BUSY }), NEW, NOW_MS).kvCapacityTokens).toBe(50_000);
  });

  test('of a simulated engine has its simulated GPU, and never the real card of this machine', () => {
    expect(describeBackend(aConfig(), seen({ metrics: BUSY, gpu: realCard }), NEW, NOW_MS).gpu).toEqual({
      source: 'engine-sim',
      powerWatts: 300,
      powerLimitWatts: 450,
      temperatureC: 60,
      utilizationPercent: 90,
    });
    expect(describeBackend(aConfig(), seen({ gpu: realCard }), NEW, NOW_MS).gpu).toBeUndefined();
  });

  test('of a real engine has what nvidia-smi tells, and nothing it does not', () => {
    const check = { kind: 'healthy', models: [], simulated: false } as const;
    expect(describeBackend(aConfig(), seen({ check, gpu: realCard }), NEW, NOW_MS).gpu).toEqual({
      source: 'nvidia-smi',
      powerWatts: 120,
      memoryUsedMiB: 20_000,
    });
  });
});
