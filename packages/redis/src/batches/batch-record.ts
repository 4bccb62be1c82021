import type { Metadata, WebhookTarget } from '@spillway/contracts';
import type { BatchId, BatchStatus, EpochMs, FileId, InputMistake, TenantId, Usage } from '@spillway/core';

/** The wire form a batch came in, and its results go out in. */
export const BATCH_FACES = ['openai', 'anthropic', 'documents'] as const;
export type BatchFace = (typeof BATCH_FACES)[number];

/** What a batch was asked to be. Stored as JSON; nothing in it changes. */
export interface BatchDescription {
  readonly face: BatchFace;
  /** `/v1/chat/completions`, …; of every line. */
  readonly endpoint: string;
  /** As the client wrote it: `24h`. */
  readonly completionWindow: string;
  readonly metadata: Metadata | null;
  /** Where the input stands in the blob store, under the tenant: JSON lines. */
  readonly inputPath: string;
  /** The input as the client knows it. */
  readonly inputFileId: FileId | undefined;
  /** Kept after the creation of the result files, in seconds; undefined: as configured. */
  readonly outputExpiresAfterSeconds: number | undefined;
  /** The batch whose failed lines these are. */
  readonly retryOf: BatchId | undefined;
  /** What the face adds: the options of a document batch, privacy and strategy of the lines, … */
  readonly options: Readonly<Record<string, unknown>>;
}

/** When each state was reached. */
interface BatchTimes {
  readonly createdAtMs: EpochMs;
  readonly inProgressAtMs: EpochMs | undefined;
  readonly cancellingAtMs: EpochMs | undefined;
  readonly finalizingAtMs: EpochMs | undefined;
  /** completed, failed, expired or cancelled, as the status says. */
  readonly endedAtMs: EpochMs | undefined;
}

export interface BatchCounts {
  /** 0 until the input is validated. */
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
}

/** A batch as it stands in the store. */
export interface BatchRecord extends BatchTimes {
  readonly id: BatchId;
  readonly tenantId: TenantId;
  readonly status: BatchStatus;
  /** Rises with every change of status or counts. */
  readonly version: number;
  readonly description: BatchDescription;
  readonly webhook: WebhookTarget | undefined;
  /** When the completion window ends: what has not ended by then expires. */
  readonly expiresAtMs: EpochMs;
  readonly paused: boolean;
  readonly counts: BatchCounts;
  /** Of the lines whose outcomes are in part files; of all lines once the batch has ended. */
  readonly usage: Usage & { readonly reasoningTokens: number };
  /** Lines that ended per second of late; undefined until there is something to go by. */
  readonly linesPerSecond: number | undefined;
  /** The model, when all lines ask for the same one. */
  readonly model: string | undefined;
  /** Why it failed. */
  readonly mistakes: readonly InputMistake[];
  readonly outputFileId: FileId | undefined;
  readonly errorFileId: FileId | undefined;
}

/** A batch about to be written. Lengths of time in ms; instants are set by Redis' clock. */
export interface NewBatch {
  readonly id: BatchId;
  readonly tenantId: TenantId;
  readonly description: BatchDescription;
  readonly webhook: WebhookTarget | undefined;
  /** The completion window. */
  readonly windowMs: number;
  /** How long it stays known after its end. */
  readonly retainMs: number;
}

/** A part file: outcomes of settled lines, one JSON line each, from the `from`-th that settled. */
export interface Part {
  readonly from: number;
  readonly count: number;
  readonly path: string;
}
