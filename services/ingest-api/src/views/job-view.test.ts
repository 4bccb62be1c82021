import { jobSchema } from '@spillway/contracts';
import { idFromUuid, JOB_STATE_KINDS, type BackendId, type TenantId } from '@spillway/core';
import type { JobRecord } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { etagOf, STATES_OF, toJobBody } from './job-view.ts';

const record: JobRecord = {
  id: idFromUuid('JobId', '01990000-0000-7000-8000-000000000001'),
  tenantId: 'acme' as TenantId,
  lane: { jobClass: 'standard', modelGroup: 'small', tenantId: 'acme' as TenantId, pinned: false },
  state: 'queued',
  version: 3,
  fence: 0,
  features: { endpoint: '/v1/chat/completions', strategy: 'auto', inputTokens: 1, outputTokens: 1 },
  description: { findings: [], metadata: null },
  place: undefined,
  createdAtMs: Date.UTC(2030, 0, 1),
  deadlineAtMs: Date.UTC(2030, 0, 2),
  startedAtMs: undefined,
  finishedAtMs: undefined,
  attempts: [],
  result: undefined,
  usage: undefined,
  servedBy: undefined,
  error: undefined,
};

describe('a job on the wire', () => {
  test.each(JOB_STATE_KINDS)('a job that is %s has a body that matches the contract', (state) => {
    const body = jobSchema.parse(toJobBody({ ...record, state }, undefined));
    expect(STATES_OF[body.status]).toContain(state);
  });

  test('absence is null, instants are RFC 3339 and money is in dollars', () => {
    const attempt = {
      number: 1,
      backendId: 'gpu-0' as BackendId,
      startedAtMs: Date.UTC(2030, 0, 1),
      end: undefined,
    };
    const usage = { inputTokens: 1, cachedInputTokens: 2, outputTokens: 3, costMicroUsd: 1_250_000 };
    expect(toJobBody({ ...record, attempts: [attempt], usage }, 2)).toMatchObject({
      queue_position: 2,
      created_at: '2030-01-01T00:00:00.000Z',
      finished_at: null,
      result: null,
      batch_id: null,
      attempts: [
        { outcome: 'running', started_at: '2030-01-01T00:00:00.000Z', finished_at: null, error: null },
      ],
      usage: {
        input_tokens: 1,
        cached_input_tokens: 2,
        output_tokens: 3,
        cost_usd: 1.25,
        energy_joules: null,
      },
    });
  });

  test('every state belongs to one status, so that filters by status miss none', () => {
    expect(Object.values(STATES_OF).flat().toSorted()).toEqual([...JOB_STATE_KINDS].toSorted());
  });

  test('its tag tells versions and places in the queue apart', () => {
    const tags = [
      etagOf(record, undefined),
      etagOf(record, 1),
      etagOf(record, 2),
      etagOf({ ...record, version: 4 }, 1),
    ];
    expect(tags).toEqual(['"3"', '"3-1"', '"3-2"', '"4-1"']);
  });
});
