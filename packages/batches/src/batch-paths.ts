import type { BatchId, FileId } from '@spillway/core';

/** Where everything of one batch stands in the blob store, under its tenant. */
export interface BatchPaths {
  /** All below goes with it when the batch is forgotten. */
  readonly prefix: string;
  /** Requests that came inline, or the manifest of a document batch: JSON lines. */
  readonly input: string;
  /** Where every line of the input begins. */
  readonly index: string;
  /** The outcome of every line, once. */
  readonly journal: string;
  /**
   * Outcomes from the `from`-th settled line on. The tag is the writer's own, so that one that lost its lease replaces
   * nothing.
   */
  part(from: number, tag: string): string;
  /** The `index`-th document as it was sent, and the text read from it. */
  document(index: number): string;
  text(index: number): string;
}

export function batchPaths(id: BatchId): BatchPaths {
  const prefix = `batches/${id}`;
  return {
    prefix,
    input: `${prefix}/input.jsonl`,
    index: `${prefix}/index`,
    journal: `${prefix}/journal.jsonl`,
    part: (from, tag) => `${prefix}/parts/${inOrder(from)}-${tag}.jsonl`,
    document: (index) => `${prefix}/documents/${inOrder(index)}`,
    text: (index) => `${prefix}/texts/${inOrder(index)}`,
  };
}

export const filePath = (id: FileId): string => `files/${id}`;

/** A listing by path is one by number: no batch has a hundred million lines. */
const inOrder = (value: number): string => String(value).padStart(8, '0');
