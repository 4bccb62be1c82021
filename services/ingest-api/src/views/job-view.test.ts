import { jobSchema } from '@spillway/contracts';
import { JOB_STATE_KINDS, type BackendId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { aJobRecord } from '../testing/a-job-record.ts';
import { etagOf, STATES_OF, toJobBody } from './job-view.ts';

const record = aJobRecord();

const at = (position: number | undefined, estimatedFinishAtMs?: number) => ({
  position,
  estimatedFinishAtMs,
});

describe('a job on the wire', () => {
  test.each(JOB_STATE_KINDS)('a job that is %s has a body that matches the contract', (state) => {
    const body = jobSchema.parse(toJobBody({ ...record, state }));
    expect(STATES_OF[body.status]).toContain(state);
  });

  test('absence is null, instants are RFC 3339 and money is in dollars', () => {
    const outlook = { position: 2, estimatedFinishAtMs: Date.UTC(2030, 0, 1, 0, 1) };
    const attempt = {
      number: 1,
      fence: 1,
      backendId: 'gpu-0' as BackendId,
      startedAtMs: Date.UTC(2030, 0, 1),
      end: undefined,
    };
    const usage = { inputTokens: 1, cachedInputTokens: 2, outputTokens: 3, costMicroUsd: 1_250_000 };
    expect(toJobBody({ ...record, attempts: [attempt], usage }, outlook)).toMatchObject({
      queue_position: 2,
      estimated_finish_at: '2030-01-01T00:01:00.000Z',
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

  test('its tag tells versions and places in the queue apart, and not estimates that move with the clock', () => {
    const tags = [
      etagOf(record),
      etagOf(record, at(1)),
      etagOf(record, at(2)),
      etagOf({ ...record, version: 4 }, at(1)),
      etagOf(record, at(1, 9400)),
    ];
    expect(tags).toEqual(['"3"', '"3-1"', '"3-2"', '"4-1"', '"3-1"']);
  });
});
