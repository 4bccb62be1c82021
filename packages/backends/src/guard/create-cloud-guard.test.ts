import { NO_USAGE, type InferenceBackend, type InferenceRequest } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { createCloudGuard } from './create-cloud-guard.ts';

const request: InferenceRequest = { endpoint: '/v1/completions', model: 'm', body: { prompt: 'p' } };
const { signal } = new AbortController();

function countingBackend() {
  const calls: InferenceRequest[] = [];
  const backend: InferenceBackend = {
    run: async (asked) => {
      calls.push(asked);
      return { kind: 'completed', statusCode: 200, body: {}, usage: NO_USAGE };
    },
    check: async () => ({ kind: 'healthy', models: [], simulated: true }),
  };
  return { calls, guard: createCloudGuard(backend) };
}

describe('createCloudGuard', () => {
  test('a pinned job is blocked before the backend hears of it', async () => {
    const { calls, guard } = countingBackend();
    expect(await guard.run(request, { signal, pinned: true })).toMatchObject({
      kind: 'failed',
      reason: { kind: 'privacy-violation-blocked' },
    });
    expect(calls).toEqual([]);
  });

  test('a job without a label is blocked like a pinned one', async () => {
    const { calls, guard } = countingBackend();
    const unlabelled = { signal } as { signal: AbortSignal; pinned: boolean };
    expect(await guard.run(request, unlabelled)).toMatchObject({ kind: 'failed' });
    expect(calls).toEqual([]);
  });

  test('any other job passes unchanged', async () => {
    const { calls, guard } = countingBackend();
    expect(await guard.run(request, { signal, pinned: false })).toMatchObject({ kind: 'completed' });
    expect(calls).toEqual([request]);
    expect(await guard.check({ signal })).toMatchObject({ kind: 'healthy' });
  });
});
