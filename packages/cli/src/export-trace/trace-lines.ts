import type { JobBody } from '@spillway/contracts';
import type { TraceLine } from '@spillway/simulation';
import { pseudonym } from './pseudonym.ts';

export interface TraceLineOptions {
  readonly apiKey: string;
  /** Jobs accepted before this instant end the export; all that the platform still has, unless given. */
  readonly sinceMs: number | undefined;
  /** The metadata key whose values are the trace's tenants, as pseudonyms. */
  readonly tenantBy: string | undefined;
}

/** Counted while lines are made. */
export interface ExportCounts {
  written: number;
  /** Not ended yet. */
  unfinished: number;
  /** Ended without an answer that was counted: nobody knows how long it would have been. */
  unanswered: number;
}

/**
 * One line of our trace format for each job that has ended and whose tokens were counted, from jobs newest first.
 * Features only: no prompt, no answer, no id, no metadata but `tenantBy`, and that as a pseudonym.
 */
export async function* traceLines(
  jobs: AsyncIterable<JobBody>,
  options: TraceLineOptions,
  counts: ExportCounts,
): AsyncGenerator<string, void, undefined> {
  for await (const job of jobs) {
    if (options.sinceMs !== undefined && Date.parse(job.created_at) < options.sinceMs) return;
    if (job.finished_at === null) counts.unfinished += 1;
    else if (job.usage === null || job.status !== 'completed') counts.unanswered += 1;
    else {
      counts.written += 1;
      yield `${JSON.stringify(lineOf(job, job.usage, options))}\n`;
    }
  }
}

function lineOf(
  job: JobBody,
  usage: NonNullable<JobBody['usage']>,
  { apiKey, tenantBy }: TraceLineOptions,
): TraceLine {
  const atMs = Date.parse(job.created_at);
  const customer = tenantBy === undefined ? undefined : job.metadata?.[tenantBy];
  return {
    v: 1,
    at_ms: atMs,
    tenant:
      customer === undefined ? pseudonym(apiKey, 'tenant', '') : pseudonym(apiKey, 'customer', customer),
    class: job.class,
    pinned: job.privacy.pinned,
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    model: job.model,
    // a deadline that was over at once is the platform's to refuse, not a trace's
    deadline_ms: Math.max(1, Date.parse(job.deadline_at) - atMs),
  };
}
