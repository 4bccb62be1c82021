import { decidePin, estimateTokens, requestText, type LineOutcome } from '@spillway/core';
import { chunkText, type DocumentProblem, type ExtractedText } from '@spillway/documents';
import type { LineJob } from '@spillway/redis';
import { failedLine } from '../lines/failed-line.ts';
import { contextTokensOf, roomForText } from './context-room.ts';
import type { LineState } from './line-state.ts';
import type { ManifestEntry } from './manifest.ts';
import { prepareStep, type StepFrame } from './prepare-step.ts';
import { buildRequest, readTemplate } from './prompt.ts';
import { firstAsk } from './step.ts';

/** A document about to be fed: how far it is and its first jobs, or how it failed. */
export type PreparedDocument =
  | { readonly kind: 'steps'; readonly state: LineState; readonly jobs: readonly LineJob[] }
  | { readonly kind: 'failed'; readonly outcome: LineOutcome };

export type DocumentFrame = Omit<StepFrame, 'line' | 'pin'>;

/** More parts than this are a library; each is a job, and they are written in one call. */
const MOST_PARTS = 512;

/** The first steps of a document that was read: one for each part of it that fits the model's window. */
export function prepareDocument(
  frame: DocumentFrame,
  entry: ManifestEntry,
  { text, pages }: Pick<ExtractedText, 'text' | 'pages'>,
): PreparedDocument {
  const { options, config, nowMs } = frame;
  const { line, name } = entry;
  const fail = (problem: { readonly code: string; readonly detail: string }): PreparedDocument =>
    failDocument(frame, entry, problem, pages);
  const pin = decidePin(options.privacy, config.routing.privacy.detectors, promptPieces(frame, name, text));
  const room = roomForText(options, name, contextTokensOf(options, pin.pinned, config));
  if (!room.ok) return fail(room.error);
  const parts = chunkText(text, { maxTokens: room.value, estimate: estimateTokens });
  if (parts.length > MOST_PARTS) return fail(tooManyParts(parts.length));
  const jobs: LineJob[] = [];
  for (const [index, part] of parts.entries()) {
    const request = buildRequest(options, {
      name,
      text: part,
      holds: 'document',
      part: parts.length === 1 ? undefined : { number: index + 1, of: parts.length },
    });
    if (!request.ok) return fail({ code: 'invalid-request', detail: request.error.detail });
    const job = prepareStep({ ...frame, line, pin: toPin(pin) }, firstAsk(0, index), request.value);
    if (!job.ok) return fail(job.error);
    jobs.push(job.value);
  }
  const state: LineState = {
    customId: entry.customId,
    name,
    sha256: entry.sha256,
    pages,
    chunks: parts.length,
    ...toPin(pin),
    fedAtMs: nowMs,
    level: 0,
    steps: parts.length,
    left: parts.length,
    usage: undefined,
    attempts: 0,
  };
  return { kind: 'steps', state, jobs };
}

/** A document that never became a job. */
export function failDocument(
  { nowMs }: Pick<DocumentFrame, 'nowMs'>,
  { line, customId, name, sha256 }: ManifestEntry,
  problem: { readonly code: string; readonly detail: string },
  pages?: number,
): PreparedDocument {
  const document = { name, sha256, pages, chunks: 0, output: null };
  return { kind: 'failed', outcome: { ...failedLine(line, customId, problem, nowMs), document } };
}

/** Everything that any step of the document will hold: all of it is looked at once. */
function promptPieces({ options }: DocumentFrame, name: string, text: string) {
  const template = readTemplate(options.instruction, name);
  const { schema } = options;
  return requestText({
    instruction: template.ok ? template.value.bare : options.instruction,
    document: text,
    ...(schema !== undefined && { schema }),
  });
}

const toPin = ({
  pinned,
  findings,
}: ReturnType<typeof decidePin>): Pick<LineState, 'pinned' | 'findings'> => ({
  pinned,
  findings: [...findings],
});

const tooManyParts = (parts: number): Pick<DocumentProblem, 'code' | 'detail'> => ({
  code: 'too-large',
  detail: `would be read in ${parts} parts of the model's window; ${MOST_PARTS} are the most`,
});
