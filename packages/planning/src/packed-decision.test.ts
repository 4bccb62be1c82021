import { SCORER_NAMES } from '@spillway/core';
import { type CandidateBody, type DecisionBody, decisionSchema } from '@spillway/contracts';
import { expect, test } from 'vitest';
import { packDecision, unpackDecision } from './packed-decision.ts';
import { aDecision } from './testing/index.ts';

const scored = (backend: string): CandidateBody => ({
  backend,
  location: 'cloud',
  model: 'house-model',
  refused_by: null,
  because: null,
  score: 0.7123,
  components: Object.fromEntries(SCORER_NAMES.map((name, index) => [name, index / 10])),
  finish_in_ms: 9100,
  parts: { queue_ms: 4100, prefill_ms: 120, decode_ms: 4880 },
  cached_tokens: 1024,
  cost_usd: 0.00003,
});
const refused = (backend: string): CandidateBody => ({
  backend,
  location: 'local',
  model: null,
  refused_by: 'CONCURRENCY',
  because: 'holds 16 of 16 jobs',
  score: null,
  components: null,
  finish_in_ms: null,
  parts: null,
  cached_tokens: null,
  cost_usd: null,
});
const many = <Item>(count: number, make: (name: string) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, index) => make(`backend-${index}`));
const decisionOf = (...candidates: readonly CandidateBody[]): DecisionBody =>
  aDecision({ candidates: [...candidates] });

test('what is stored comes back as it was, refusals, figures and unknown prices', () => {
  const decision = decisionOf(scored('cloud-0'), { ...scored('gpu-1'), cost_usd: null }, refused('gpu-0'));
  const unpacked = unpackDecision(packDecision(decision));
  expect(unpacked).toEqual(decision);
  expect(decisionSchema.parse(unpacked)).toEqual(decision);
});

test('what others read of a stored decision stands where they look for it', () => {
  const stored: unknown = JSON.parse(packDecision(decisionOf(scored('cloud-0'))));
  expect(stored).toMatchObject({ action: 'assign', trigger: 'local', why: 'the only one with room' });
});

test('with fifty backends it takes six thousand characters, and two thousand when all say the same', () => {
  expect(packDecision(decisionOf(...many(50, scored))).length).toBeLessThan(6500);
  expect(packDecision(decisionOf(...many(50, refused))).length).toBeLessThan(2500);
});

test('an outcome is not stored: it is not known yet', () => {
  const outcome = {
    finished_at: '2030-01-01T12:00:00.000Z',
    prediction_error_ms: 1,
    output_error_tokens: 1,
    cost_usd: 0,
    counterfactual_usd: 0,
    saved_usd: 0,
  };
  expect(unpackDecision(packDecision(aDecision({ outcome })))?.outcome).toBeNull();
});

test.each([
  ['an earlier version', JSON.stringify({ action: 'assign', candidates: [] })],
  ['a later version', JSON.stringify({ v: 2, texts: [], candidates: [] })],
  ['a record without its job', JSON.stringify({ v: 1, texts: [], candidates: [] })],
])('%s is not read', (_what, text) => {
  expect(unpackDecision(text)).toBeUndefined();
});
