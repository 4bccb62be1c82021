import { expect, test } from 'vitest';
import { attempt, at, completed, fault, T0 } from '../checks/facts.fixtures.ts';
import { recoveriesOf } from './recovery-seconds.ts';
import { workerRecoveries } from './worker-recoveries.ts';

const kill = fault({ number: 1, trouble: { kind: 'kill' }, beganAtMs: T0, endedAtMs: T0 });
const lost = (started: number, finished: number) =>
  attempt({ outcome: 'worker_lost', started_at: at(started), finished_at: at(finished) });
const probe = (doneAfterMs: number) => ({ fault: 1, through: 'local', doneAtMs: T0 + doneAfterMs }) as const;

test('recovery is the time from the end of a fault until its probe is done', () => {
  expect(recoveriesOf([probe(4_000)], [kill])).toEqual([{ fault: 1, how: 'local', seconds: 4 }]);
});

test('while another fault lasts the platform is still broken, and recovers after that one', () => {
  const stop = fault({ number: 2, beganAtMs: T0 - 1_000, endedAtMs: T0 + 3_000 });
  expect(recoveriesOf([probe(4_000)], [kill, stop])[0]?.seconds).toBe(1);
});

test('a fault that goes on, or was missed, takes no time off', () => {
  const longer = fault({ number: 2, endedAtMs: T0 + 9_000 });
  const missed = fault({ number: 3, pid: 0, endedAtMs: T0 + 3_000 });
  expect(recoveriesOf([probe(4_000)], [kill, longer, missed])[0]?.seconds).toBe(4);
});

test('a probe that was never done is told, as endless', () => {
  expect(recoveriesOf([{ ...probe(0), doneAtMs: Infinity }], [kill])[0]?.seconds).toBe(Infinity);
});

test('a killed worker has recovered when the last of its attempts was ended', () => {
  const records = [
    completed({ attempts: [lost(-2, 6), attempt({ number: 2 })] }),
    completed({ attempts: [lost(-1, 11)] }),
    completed({ attempts: [lost(1, 99)] }),
  ];
  expect(workerRecoveries(records, [kill])).toEqual([{ fault: 1, how: 'worker-lost', seconds: 11 }]);
});

test("an attempt lost to a later stop of the next worker is not the killed one's", () => {
  const later = fault({ number: 2, beganAtMs: T0 + 20_000, endedAtMs: T0 + 40_000 });
  const records = [completed({ attempts: [lost(-1, 35)] })];
  expect(workerRecoveries(records, [kill, later])).toEqual([]);
});
