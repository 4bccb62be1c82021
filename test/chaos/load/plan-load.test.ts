import { createJobRequestSchema } from '@spillway/contracts';
import { expect, test } from 'vitest';
import { FULL_RUN } from '../run-options.ts';
import { planLoad } from './plan-load.ts';

const plans = planLoad(1, FULL_RUN.load);

test('the jobs of a run follow from its seed, each with a key and a text of its own, in the order of their time', () => {
  expect(planLoad(1, FULL_RUN.load)).toEqual(plans);
  expect(new Set(plans.map(({ key }) => key)).size).toBe(FULL_RUN.load.jobs);
  expect(new Set(plans.map(({ digest }) => digest)).size).toBe(FULL_RUN.load.jobs);
  expect(plans).toEqual(plans.toSorted((a, b) => a.atMs - b.atMs));
});

test('every job is one the API takes', () => {
  expect(plans.filter(({ input }) => !createJobRequestSchema.safeParse(input).success)).toEqual([]);
});

test('the load is mixed: of everything that may happen to a job there is some', () => {
  const kinds = {
    pinned: plans.filter(({ localOnly }) => localOnly),
    cancelled: plans.filter(({ cancelAfterMs }) => cancelAfterMs !== undefined),
    twice: plans.filter(({ twice }) => twice),
    again: plans.filter(({ againAfterMs }) => againAfterMs !== undefined),
    stumbling: plans.filter(({ fails }) => fails === 'once'),
    broken: plans.filter(({ fails }) => fails === 'always'),
    hurried: plans.filter(({ input }) => (input.deadline_seconds ?? 999) < 10),
    unwatched: plans.filter(({ watch }) => watch === 'not-at-all'),
    badlyReceived: plans.filter(({ hook }) => hook !== undefined && hook.reception !== 'good'),
  };
  expect(Object.entries(kinds).filter(([, jobs]) => jobs.length < 3)).toEqual([]);
  expect(new Set(plans.map(({ jobClass }) => jobClass)).size).toBe(3);
  expect(new Set(plans.map(({ tenant }) => tenant)).size).toBe(3);
});
