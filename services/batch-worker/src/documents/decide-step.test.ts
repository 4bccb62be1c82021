import { err, ok } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { decideStep, type StepRules } from './decide-step.ts';
import type { StepResult } from './document-deps.ts';
import { firstAsk } from './step.ts';

const LAST = { steps: 1, left: 0 };
const FREE: StepRules = { validate: undefined, stopped: undefined };
const wantsNumber: StepRules = {
  validate: (value) => (typeof value === 'number' ? ok(value) : err(['the answer must be number'])),
  stopped: undefined,
};
const first = firstAsk(0, 0);

type Result = Pick<StepResult, 'outcome' | 'error' | 'body'>;
const answer = (content: unknown): Result => ({
  outcome: 'completed',
  error: undefined,
  body: { choices: [{ message: { content } }] },
});
const ended = (outcome: 'failed' | 'expired' | 'cancelled', code?: string): Result => ({
  outcome,
  error: code === undefined ? undefined : { code, detail: 'the reason' },
  body: undefined,
});

describe('a step beside others of its level', () => {
  test('waits while others have not ended', () => {
    expect(decideStep({ steps: 3, left: 1 }, first, answer('a'), FREE)).toEqual({ kind: 'wait' });
  });

  test('as the last to end puts their answers together', () => {
    expect(decideStep({ steps: 3, left: 0 }, first, answer('a'), FREE)).toEqual({ kind: 'combine' });
  });

  test('may be without any answer, and is not held against the schema', () => {
    expect(decideStep({ steps: 3, left: 0 }, first, answer(null), wantsNumber)).toEqual({ kind: 'combine' });
  });

  test.each(['failed', 'expired', 'cancelled'] as const)('that %s ends the document', (outcome) => {
    const result = ended(outcome, 'invalid-request');
    expect(decideStep({ steps: 3, left: 2 }, first, result, wantsNumber)).toEqual({
      kind: 'end',
      outcome,
      output: null,
      error: result.error,
    });
  });
});

describe('the last step', () => {
  test('without a schema is the answer as it stands', () => {
    const decision = decideStep(LAST, first, answer('{"a": 1}'), FREE);
    expect(decision).toEqual({ kind: 'end', outcome: 'completed', output: '{"a": 1}', error: undefined });
  });

  test('may answer in parts of text', () => {
    const parts = [{ type: 'text', text: 'a' }, { type: 'refusal' }, { type: 'text', text: 'b' }];
    expect(decideStep(LAST, first, answer(parts), FREE)).toMatchObject({ output: 'ab' });
  });

  test.each([[null], [''], [undefined], [[]]])('that says nothing (%j) fails the document', (content) => {
    expect(decideStep(LAST, first, answer(content), FREE)).toMatchObject({
      kind: 'end',
      outcome: 'failed',
      error: { code: 'no-answer' },
    });
  });

  test('that follows the schema is what the schema asked for', () => {
    const decision = decideStep(LAST, first, answer('```json\n7\n```'), wantsNumber);
    expect(decision).toMatchObject({ kind: 'end', outcome: 'completed', output: 7 });
  });

  test.each([
    ['"seven"', ['the answer must be number']],
    ['It is seven.', ['the answer holds no JSON']],
  ])('that does not is asked for once more with what was wrong: %s', (text, mistakes) => {
    const decision = decideStep(LAST, first, answer(text), wantsNumber);
    expect(decision).toEqual({ kind: 'ask-for-repair', answer: text, mistakes });
  });

  test('that does not when asked again fails the document, with what was wrong', () => {
    const decision = decideStep(LAST, { ...first, repair: true }, answer('"seven"'), wantsNumber);
    expect(decision).toMatchObject({ kind: 'end', outcome: 'failed', error: { code: 'schema-mismatch' } });
    expect(JSON.stringify(decision)).toContain('the answer must be number');
  });

  test('says no more than a thousand characters of what was wrong', () => {
    const rules: StepRules = { ...wantsNumber, validate: () => err(['x'.repeat(5000)]) };
    const decision = decideStep(LAST, { ...first, repair: true }, answer('{}'), rules);
    expect(decision.kind === 'end' && decision.error?.detail.length).toBe(1000);
  });
});

describe('a response format that is refused', () => {
  test.each(['invalid-request', 'unsupported-by-backend'])('is left out once: %s', (code) => {
    expect(decideStep(LAST, first, ended('failed', code), wantsNumber)).toEqual({ kind: 'ask-plainly' });
    const repair = { ...first, repair: true };
    expect(decideStep(LAST, repair, ended('failed', code), wantsNumber)).toEqual({ kind: 'ask-plainly' });
  });

  test.each([
    ['when it was left out before', LAST, { ...first, plain: true }, 'invalid-request', wantsNumber],
    ['when there was none', LAST, first, 'invalid-request', FREE],
    ['when the failure is another', LAST, first, 'backend-error', wantsNumber],
  ])('is not the reason %s', (_why, state, step, code, rules) => {
    expect(decideStep(state, step, ended('failed', code), rules)).toMatchObject({
      kind: 'end',
      outcome: 'failed',
    });
  });
});

describe.each(['cancelled', 'expired'] as const)('while its batch is %s', (stopped) => {
  const rules: StepRules = { ...wantsNumber, stopped };
  test('no further step begins', () => {
    const end = { kind: 'end', outcome: stopped, output: null };
    expect(decideStep({ steps: 3, left: 0 }, first, answer('a'), rules)).toMatchObject(end);
    expect(decideStep(LAST, first, answer('"seven"'), rules)).toMatchObject(end);
    const refused = ended('failed', 'invalid-request');
    expect(decideStep(LAST, first, refused, rules)).toMatchObject({ kind: 'end', outcome: 'failed' });
  });

  test('a document whose last step is done completes', () => {
    expect(decideStep(LAST, first, answer('7'), rules)).toMatchObject({ outcome: 'completed', output: 7 });
  });
});
