import type { Usage } from '../backend/usage.ts';
import type { JobId } from '../id/id.ts';
import type { JsonObject } from '../json.ts';
import type { EpochMs } from '../time.ts';

/**
 * How one line ended: a line of the part files and of the journal, from which every face's results are made. The shape
 * is stored: add to it, change nothing.
 */
export interface LineOutcome {
  /** Its number in the input, from 0. */
  readonly line: number;
  readonly customId: string;
  readonly outcome: 'completed' | 'failed' | 'cancelled' | 'expired';
  /** The job that ran it; undefined when none did. */
  readonly jobId: JobId | undefined;
  /** The answer, when there is one. */
  readonly statusCode: number | undefined;
  readonly body: JsonObject | undefined;
  /** The failure of the job, or of the line that never became one. */
  readonly error: { readonly code: string; readonly detail: string } | undefined;
  readonly usage: Usage | undefined;
  readonly servedBy:
    | {
        readonly backend: string;
        readonly location: 'local' | 'cloud';
        readonly model: string;
        readonly simulated: boolean;
      }
    | undefined;
  /** Attempts made. */
  readonly attempts: number;
  /** Where it ran and why, in a few words. */
  readonly why: string | undefined;
  readonly endedAtMs: EpochMs;
  /** From its way into the lanes to its end, in ms; undefined when it never had one. */
  readonly tookMs: number | undefined;
  /** What a document batch knows of its document. */
  readonly document:
    | {
        readonly name: string;
        readonly sha256: string;
        readonly pages: number | undefined;
        readonly chunks: number;
        /** The answer: text, or what the schema asked for. */
        readonly output: unknown;
      }
    | undefined;
}
