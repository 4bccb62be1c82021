import { type InputVerdict, validateInput } from '@spillway/batches';
import { describe, expect, test } from 'vitest';
import { FULL_RUN, SHORT_RUN } from '../run-options.ts';
import { inputOf } from './batch-client.ts';
import { planBatches } from './plan-batches.ts';
import type { PlannedBatch } from './planned-batch.ts';

const validate = ({ lines }: PlannedBatch): Promise<InputVerdict> =>
  validateInput(new Blob([inputOf(lines)]).stream(), RULES, {
    signal: new AbortController().signal,
    writeIndex: async () => undefined,
  });
const RULES = {
  face: 'openai',
  endpoint: '/v1/chat/completions',
  mostLines: 50_000,
  mostLineBytes: 1_048_576,
  mostEmbeddingInputs: 50_000,
  isServed: (model: string) => model === 'auto',
  contextTokensOf: () => undefined,
} as const;

describe.each([
  ['full', FULL_RUN.batches],
  ['short', SHORT_RUN.batches],
])('the batches of a %s run', (_name, options) => {
  const plans = planBatches(7, options);

  test('follow from the seed alone, each line with an id and a text of its own', () => {
    expect(planBatches(7, options)).toEqual(plans);
    expect(planBatches(8, options)).not.toEqual(plans);
    const lines = plans.flatMap((plan) => plan.lines);
    expect(new Set(lines.map(({ digest }) => digest)).size).toBe(lines.length);
    expect(new Set(lines.map(({ customId }) => customId)).size).toBe(lines.length);
  });

  test('are inputs the API takes, but for the one whose mistakes are planned', async () => {
    for (const plan of plans) {
      const { course, lines } = plan;
      expect(await validate(plan)).toMatchObject(
        course.kind === 'invalid'
          ? { kind: 'invalid', mistakes: course.mistakes }
          : { kind: 'valid', total: lines.length },
      );
    }
  });

  test('hold lines of every fate', () => {
    const lines = plans.flatMap((plan) => plan.lines);
    expect(lines.filter(({ refused }) => refused)).not.toEqual([]);
    expect(lines.filter(({ localOnly }) => localOnly)).not.toEqual([]);
    expect(lines.filter(({ localOnly }) => !localOnly)).not.toEqual([]);
    expect(plans.filter(({ hook }) => hook !== undefined)).not.toEqual([]);
  });
});

test('a full run has a batch of every course', () => {
  const kinds = planBatches(1, FULL_RUN.batches).map(({ course }) => course.kind);
  expect(new Set(kinds)).toEqual(new Set(['plain', 'cancelled', 'paused', 'expiring', 'invalid']));
});
