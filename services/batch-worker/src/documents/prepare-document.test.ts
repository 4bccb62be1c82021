import { configSchema } from '@spillway/contracts';
import type { BatchId, TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { documentConfig, documentOptions, pagesOf } from './documents.fixtures.ts';
import { type DocumentFrame, prepareDocument } from './prepare-document.ts';

const tenantId = 'acme' as TenantId;
const frame = (changes: Partial<DocumentFrame> = {}): DocumentFrame => ({
  record: { id: 'batch_1' as BatchId, tenantId, createdAtMs: 1000, expiresAtMs: 61_000 },
  options: documentOptions(),
  config: documentConfig(800),
  nowMs: 1500,
  ...changes,
});
const entry = {
  line: 4,
  customId: 'd',
  name: 'a.txt',
  key: { tenantId, path: 'a' },
  sha256: 'abc',
  bytes: 1,
};

test('a document is as many jobs as it has parts, all with the deadline of the batch', () => {
  const prepared = prepareDocument(frame(), entry, { text: pagesOf(3), pages: 3 });
  if (prepared.kind === 'failed') throw new Error(prepared.outcome.error?.detail);
  expect(prepared.state).toMatchObject({ name: 'a.txt', pages: 3, chunks: 3, level: 0, steps: 3, left: 3 });
  expect(prepared.jobs.map(({ line, step, job }) => [line, step, job.deadlineMs])).toEqual([
    [4, '0.0', 59_500],
    [4, '0.1', 59_500],
    [4, '0.2', 59_500],
  ]);
});

const pinsOf = (changes: Partial<DocumentFrame>, text: string): readonly boolean[] => {
  const prepared = prepareDocument(frame(changes), entry, { text });
  if (prepared.kind === 'failed') throw new Error(prepared.outcome.error?.detail);
  return [...new Set(prepared.jobs.map(({ job }) => job.lane.pinned))];
};

describe('the pin', () => {
  const withCard = `${pagesOf(3)}\n\nCard 4111 1111 1111 1111`;
  test.each([
    ['what was found in one part pins all', {}, withCard, true],
    [
      'what stands in the instruction pins',
      { options: documentOptions({ instruction: 'Card 4111 1111 1111 1111?' }) },
      'x',
      true,
    ],
    ['what was asked for pins', { options: documentOptions({ privacy: 'local_only' }) }, 'x', true],
    ['consent does not', { options: documentOptions({ privacy: 'public' }) }, withCard, false],
    ['nothing does not', {}, pagesOf(3), false],
  ])('%s', (_what, changes, text, pinned) => {
    expect(pinsOf(changes, text)).toEqual([pinned]);
  });

  test('and cloud_only contradict each other: the document says so', () => {
    const options = documentOptions({ strategy: 'cloud_only' });
    expect(prepareDocument(frame({ options }), entry, { text: withCard })).toMatchObject({
      kind: 'failed',
      outcome: { line: 4, outcome: 'failed', error: { code: 'invalid-request' }, document: { chunks: 0 } },
    });
  });
});

describe('a document is refused', () => {
  test('for a model that nobody serves any more', () => {
    const config = configSchema.parse({});
    const prepared = prepareDocument(frame({ config }), entry, { text: 'x' });
    expect(prepared).toMatchObject({ outcome: { error: { code: 'model-not-found' } } });
  });

  test('when it would be read in more parts than a call can hold', () => {
    const prepared = prepareDocument(frame(), entry, { text: pagesOf(513) });
    expect(prepared).toMatchObject({ outcome: { error: { code: 'too-large' } } });
  });
});
