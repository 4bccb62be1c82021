import type { DecisionBody, JobBody } from '@spillway/contracts';
import { describeFault } from '../faults/fault.ts';
import type { JournalLine } from '../history/journal.ts';
import type { Entry } from '../history/history.ts';
import type { ChaosRun } from '../run-chaos.ts';

/** Everything known about one job, line by line in the order in which it happened, with the faults around it. */
export function jobHistory({ facts, history }: ChaosRun, key: string): readonly string[] {
  const job = facts.jobs.find(({ plan }) => plan.key === key);
  const own = history.entries.filter((entry) => 'key' in entry && entry.key === key);
  const digest = job?.plan.digest ?? '';
  const from = (own[0]?.atMs ?? 0) - AROUND_MS;
  const to = (own.at(-1)?.atMs ?? Infinity) + AROUND_MS;
  const lines = [
    ...own.map((entry) => ({ atMs: entry.atMs, text: describeEntry(entry) })),
    ...history.entries
      .filter((entry) => entry.what === 'fault' && entry.atMs >= from && entry.atMs <= to)
      .map((entry) => ({ atMs: entry.atMs, text: describeEntry(entry) })),
    ...journalLines('engine', facts.engine, digest),
    ...journalLines('cloud', facts.cloud, digest),
  ];
  return [
    `${key}: ${JSON.stringify({ ...job?.plan, content: undefined, input: { ...job?.plan.input, request: undefined } })}`,
    ...lines
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ atMs, text }) => `  ${new Date(atMs).toISOString().slice(11)}  ${text}`),
  ];
}

const AROUND_MS = 15_000;

function describeEntry(entry: Entry): string {
  switch (entry.what) {
    case 'submitting':
      return 'submitting';
    case 'accepted':
    case 'seen':
    case 'cancel-answered':
    case 'final':
      return `${entry.what}: ${describeRecord(entry.record)}`;
    case 'refused':
      return `${entry.of} refused: ${entry.refusal.status ?? '-'} ${entry.refusal.code} ${entry.refusal.detail}`;
    case 'cancelling':
      return `cancelling ${entry.id}`;
    case 'webhook':
      return `webhook: ${JSON.stringify(entry.receipt)}`;
    case 'gone':
      return `gone: ${entry.id} is not known`;
    case 'decisions':
      return `decisions: ${entry.decisions.map(describeDecision).join(' | ')}`;
    case 'fault':
      return `-- fault ${entry.fault.number} ${entry.phase}: ${describeFault(entry.fault)} (pid ${entry.fault.pid})`;
  }
}

function describeRecord({
  id,
  status,
  created_at,
  started_at,
  finished_at,
  attempts,
  error,
}: JobBody): string {
  const tries = attempts.map(
    (one) =>
      `#${one.number} ${one.backend} ${one.started_at.slice(11)}..${one.finished_at?.slice(11) ?? ''} ${one.outcome}` +
      (one.error === null ? '' : ` (${one.error.code}: ${one.error.detail})`),
  );
  const times = JSON.stringify({ created_at, started_at, finished_at });
  return `${id} ${status} ${times} [${tries.join('; ')}]${error === null ? '' : ` ${error.code}: ${error.detail}`}`;
}

const describeDecision = ({ at, action, backend, why, fence, epoch }: DecisionBody): string =>
  `${at.slice(11)} ${action} ${backend ?? ''} fence ${fence ?? '-'} epoch ${epoch}: ${why}`;

const journalLines = (where: string, lines: readonly JournalLine[], digest: string) =>
  lines
    .filter(({ digests }) => digests.includes(digest))
    .map((line) => ({ atMs: line.at, text: `${where}: ${line.event}, ${line.in_flight} in flight` }));
