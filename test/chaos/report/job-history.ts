import type { JournalLine } from '../history/journal.ts';
import type { ChaosRun } from '../run-chaos.ts';
import { describeEntry } from './describe-entry.ts';

/** Everything known about one job or batch, in the order in which it happened, with the faults around it. */
export function jobHistory(run: ChaosRun, key: string): readonly string[] {
  const { facts, history } = run;
  const own = history.entries.filter((entry) => 'key' in entry && entry.key === key);
  const digests = digestsOf(run, key);
  const from = (own[0]?.atMs ?? 0) - AROUND_MS;
  const to = (own.at(-1)?.atMs ?? Infinity) + AROUND_MS;
  const lines = [
    ...own.map((entry) => ({ atMs: entry.atMs, text: describeEntry(entry) })),
    ...history.entries
      .filter((entry) => entry.what === 'fault' && entry.atMs >= from && entry.atMs <= to)
      .map((entry) => ({ atMs: entry.atMs, text: describeEntry(entry) })),
    ...journalLines('engine', facts.engine, digests),
    ...journalLines('cloud', facts.cloud, digests),
  ];
  return [
    `${key}: ${JSON.stringify(planOf(run, key))}`,
    ...lines
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ atMs, text }) => `  ${new Date(atMs).toISOString().slice(11)}  ${text}`),
  ];
}

const AROUND_MS = 15_000;

/** Without the text of any request. */
function planOf({ facts }: ChaosRun, key: string): object | undefined {
  const job = facts.jobs.find(({ plan }) => plan.key === key)?.plan;
  if (job !== undefined) return { ...job, content: undefined, input: { ...job.input, request: undefined } };
  const batch = facts.batches.find(({ plan }) => plan.key === key)?.plan;
  return batch && { ...batch, lines: batch.lines.length };
}

/** Of a batch, this many of the lines that its violations name are followed. */
const FOLLOWED = 3;

/** Of the inputs whose way is told: that of the job, or of the lines of the batch that something was wrong with. */
function digestsOf({ facts, violations }: ChaosRun, key: string): ReadonlyMap<string, string> {
  const job = facts.jobs.find(({ plan }) => plan.key === key);
  if (job !== undefined) return new Map([[job.plan.digest, '']]);
  const words = new Set(
    violations.filter((one) => one.key === key).flatMap(({ detail }) => detail.split(' ')),
  );
  const lines = facts.batches.find(({ plan }) => plan.key === key)?.plan.lines ?? [];
  const named = lines.filter(({ customId }) => words.has(customId)).slice(0, FOLLOWED);
  return new Map(named.map(({ digest, customId }) => [digest, ` ${customId}`]));
}

const journalLines = (
  where: string,
  lines: readonly JournalLine[],
  followed: ReadonlyMap<string, string>,
): readonly { readonly atMs: number; readonly text: string }[] =>
  lines.flatMap(({ digests, at, event, in_flight: inFlight }) =>
    digests
      .flatMap((digest) => followed.get(digest) ?? [])
      .map((name) => ({ atMs: at, text: `${where}: ${event}${name}, ${inFlight} in flight` })),
  );
