import type { BatchObject } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { sampleOutcome } from '../../testing/batch-life.ts';
import { openBatch, type OpenBatch } from '../../testing/open-batch.ts';
import { KEYS } from '../../testing/samples.ts';

interface Event {
  readonly id: string;
  readonly batch: BatchObject;
}

/** Listens and gives the events one by one. */
async function listen({ api, path }: OpenBatch, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${api.url}${path}/events`, {
    headers: { authorization: `Bearer ${KEYS.acme}`, ...headers },
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    /** Undefined at the end. */
    next: async (): Promise<Event | undefined> => {
      for (;;) {
        const match = /^(?:: [^\n]*\n\n)*event: batch\nid: (\d+)\ndata: (.*)\n\n/.exec(text);
        if (match !== null) {
          text = text.slice(match[0].length);
          return { id: match[1] ?? '', batch: JSON.parse(match[2] ?? '') as BatchObject };
        }
        const more = await reader?.read();
        if (more === undefined || more.done) return undefined;
        text += more.value;
      }
    },
    leave: async () => reader?.cancel(),
  };
}

describe('200: the events of a batch', () => {
  test('are the batch at first and after its changes, and end with it', async () => {
    await using opened = await openBatch(1);
    const { api, id } = opened;
    const events = await listen(opened);
    expect(events.response.headers.get('content-type')).toBe('text/event-stream');
    expect((await events.next())?.batch).toMatchObject({ id, object: 'batch', status: 'validating' });
    await api.batchLife.begin(id, 1);
    expect((await events.next())?.batch).toMatchObject({
      status: 'in_progress',
      request_counts: { total: 1 },
    });
    await api.batchLife.settle(id, sampleOutcome(0));
    await api.batchLife.end(id);
    let last: Event | undefined;
    for (let event = await events.next(); event !== undefined; event = await events.next()) last = event;
    expect(last?.batch).toMatchObject({ status: 'completed', request_counts: { completed: 1 } });
  });

  test('Last-Event-ID leaves out what is known', async () => {
    await using opened = await openBatch(1);
    const { api, id } = opened;
    const first = await listen(opened);
    const known = (await first.next())?.id ?? '';
    await first.leave();
    const second = await listen(opened, { 'last-event-id': known });
    await api.batchLife.begin(id, 1);
    const event = await second.next();
    expect(event?.batch.status).toBe('in_progress');
    expect(Number(event?.id)).toBeGreaterThan(Number(known));
    await second.leave();
  });

  test('HEAD answers without a body', async () => {
    await using opened = await openBatch(1);
    const answer = await opened.api.ask(`${opened.path}/events`, { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

describe('204: nothing will change any more, and you know it', () => {
  test('so an EventSource stops asking', async () => {
    await using opened = await openBatch(1);
    await opened.api.batchLife.reject(opened.id, []);
    const events = await listen(opened);
    const last = await events.next();
    expect([last?.batch.status, await events.next()]).toEqual(['failed', undefined]);
    const again = await opened.api.ask(`${opened.path}/events`, {
      headers: { 'last-event-id': last?.id ?? '' },
    });
    expect([again.status, again.text]).toEqual([204, '']);
  });
});

describe('429: too many listen', () => {
  test('to one tenant, until some of them leave', async () => {
    await using opened = await openBatch(1);
    const listeners = await Promise.all(Array.from({ length: 100 }, () => listen(opened)));
    const refused = await opened.api.ask(`${opened.path}/events`);
    expect([refused.status, refused.body]).toMatchObject([429, { error: { code: 'too_many_streams' } }]);
    const theirs = await opened.api.ask('/v1/batches', { tenant: 'other' });
    expect(theirs.status).toBe(200);
    await Promise.all(listeners.map(({ leave }) => leave()));
    await expect
      .poll(async () => {
        const events = await listen(opened);
        await events.leave();
        return events.response.status;
      })
      .toBe(200);
  });
});
