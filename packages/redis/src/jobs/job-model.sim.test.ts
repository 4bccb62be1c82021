import { assert, asyncProperty } from 'fast-check';
import { expect, test } from 'vitest';
import { createAuditCell } from '../reconcile/audit-cell.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { createModel, histories, JOBS } from './job-model.fixtures.ts';
import { openScripts } from './job-scripts.fixtures.ts';

const EMPTY = {
  lane: 0,
  fresh: 0,
  laneInput: 0,
  prefixes: 0,
  retry: 0,
  start: 0,
  deadline: 0,
  dispatched: 0,
  running: 0,
  suspects: 0,
  pinned: 0,
  heldTokens: 0,
  workers: [0, 0],
  live: 0,
  active: 0,
};

test('the scripts and the transition table tell one story, and its end leaves nothing behind', async () => {
  await assert(
    asyncProperty(histories, async (history) => {
      await using store = await openTestStore();
      const model = createModel();
      const scripts = await openScripts(store, model);
      const audit = createAuditCell(store.redis, store.keys);
      for (const [index, step] of history.entries()) {
        const changed = await scripts.apply(step);
        expect({ step, changed }).toEqual({ step, changed: model.predict(step, scripts.claimed()) });
        const drift = index % 4 === 0 ? (await audit()).drift : [];
        expect({ step, drift, ...(await scripts.read()) }).toEqual({ step, drift: [], ...model.expected() });
      }
      for (let job = 0; job < JOBS; job += 1) {
        await scripts.apply({ kind: 'cancel', job });
        model.predict({ kind: 'cancel', job });
      }
      expect(await scripts.read()).toEqual({ ...model.expected(), indices: EMPTY });
      expect(await store.redis.smembers(`${store.keys.prefix}lanes`)).toEqual([]);
      expect(await scripts.outcomes()).toEqual(model.outcomes());
      expect(await scripts.endedAttempts()).toEqual(model.attempts());
    }),
    { numRuns: 100 },
  );
  // Thousands of calls one after the other: on a busy machine they take their time.
}, 60_000);
