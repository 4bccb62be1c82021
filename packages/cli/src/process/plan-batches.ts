import { MAX_BATCH_BYTES } from './limits.ts';
import type { OutFile } from './out-file.ts';
import { readDocument, type ReadDocument, type UnreadableDocument } from './read-document.ts';
import { failedLine, type OutLine } from './result-lines.ts';

export type Step =
  | { readonly kind: 'send'; readonly documents: readonly ReadDocument[] }
  | { readonly kind: 'done-before'; readonly path: string }
  | { readonly kind: 'unreadable'; readonly line: OutLine };

export interface PlanBatches {
  /** What the paths are relative to. */
  readonly root: string;
  readonly paths: readonly string[];
  readonly outcomes: OutFile['outcomes'];
  /** Documents that are part of a batch in flight. */
  readonly taken: ReadonlySet<string>;
  readonly batchSize: number;
  readonly retryFailed: boolean;
}

/**
 * Walks the documents once and says what to do: those without an outcome for what they contain now are sent, as many
 * at once as a batch may hold. One batch is in memory at a time; the next is read when it is asked for.
 */
export async function* planBatches(plan: PlanBatches): AsyncGenerator<Step, void, undefined> {
  let documents: ReadDocument[] = [];
  let bytes = 0;
  for (const path of plan.paths) {
    if (plan.taken.has(path)) continue;
    const document = await readDocument(plan.root, path);
    if (isDone(document, plan)) {
      yield { kind: 'done-before', path };
      continue;
    }
    if (document.kind === 'unreadable') {
      const { code, detail } = document;
      yield { kind: 'unreadable', line: failedLine(path, '', { code, detail }) };
      continue;
    }
    const size = document.content.byteLength;
    if (documents.length > 0 && (documents.length >= plan.batchSize || bytes + size > MAX_BATCH_BYTES)) {
      yield { kind: 'send', documents };
      documents = [];
      bytes = 0;
    }
    documents.push(document);
    bytes += size;
  }
  if (documents.length > 0) yield { kind: 'send', documents };
}

function isDone(
  document: ReadDocument | UnreadableDocument,
  { outcomes, retryFailed }: PlanBatches,
): boolean {
  const outcome = outcomes.get(document.path);
  if (outcome === undefined) return false;
  if (retryFailed && outcome.status !== 'completed') return false;
  return document.kind === 'read' ? outcome.sha256 === document.sha256 : outcome.errorCode === document.code;
}
