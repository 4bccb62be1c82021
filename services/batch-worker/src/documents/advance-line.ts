import { assertNever, type JobId, type LineOutcome } from '@spillway/core';
import type { BatchWork, LineJob } from '@spillway/redis';
import type { AdvanceDraft } from './advance-draft.ts';
import { answerText } from './answer-text.ts';
import { combineAnswers } from './combine-answers.ts';
import { contextTokensOf, promptTokens, roomForText } from './context-room.ts';
import { decideStep, type DocumentEnd, type StepRules } from './decide-step.ts';
import type { EndedStep, StepResult } from './document-deps.ts';
import { countStep, type LineState } from './line-state.ts';
import { prepareStep, type StepFrame } from './prepare-step.ts';
import { buildRequest, type ChatRequest, withoutFormat } from './prompt.ts';
import { toRepairRequest } from './repair-request.ts';
import { firstAsk, parseStepName, type Step, stepJobId } from './step.ts';

export interface AdvanceFrame extends Omit<StepFrame, 'line' | 'pin'>, StepRules {
  readonly work: Pick<BatchWork, 'answers' | 'request'>;
}

/** One step of a document that has not ended. */
interface Ended {
  readonly state: LineState;
  readonly step: Step;
  readonly jobId: JobId;
  readonly result: StepResult;
}

type Problem = { readonly code: string; readonly detail: string };
type NextSteps = { readonly steps: readonly { step: Step; request: ChatRequest }[] } | Problem;

/** Adds to the draft what one ended step leads to. */
export async function advanceLine(
  frame: AdvanceFrame,
  draft: AdvanceDraft,
  { jobId, came }: EndedStep,
): Promise<void> {
  draft.take(jobId);
  const step = came && parseStepName(came.step);
  const before = came && draft.state(came.result.line);
  // A late end of a document that has its outcome: nobody waits for it.
  if (came === undefined || step === undefined || before === undefined) {
    draft.drop([jobId]);
    return;
  }
  const state = countStep(before, came.result);
  const ended = { state, step, jobId, result: came.result };
  const decision = decideStep(state, step, came.result, frame);
  switch (decision.kind) {
    case 'wait':
      draft.wait(came.result.line, state, jobId);
      return;
    case 'end':
      endDocument(frame, draft, ended, decision);
      return;
    case 'combine':
      goOn(frame, draft, ended, await combine(frame, ended));
      return;
    case 'ask-plainly':
      goOn(frame, draft, ended, await askAgain(frame, ended, { plain: true }, withoutFormat));
      return;
    case 'ask-for-repair': {
      const room = promptTokens(
        contextTokensOf(frame.options, state.pinned, frame.config),
        frame.options.max_output_tokens,
      );
      const repair = (request: ChatRequest): ChatRequest =>
        toRepairRequest(request, decision.answer, decision.mistakes, room);
      goOn(frame, draft, ended, await askAgain(frame, ended, { repair: true }, repair));
      return;
    }
    default:
      assertNever(decision);
  }
}

/** The answers of a level, put together to the steps of the next one. */
async function combine({ work, record, options, config }: AdvanceFrame, ended: Ended): Promise<NextSteps> {
  const { state, result } = ended;
  const room = roomForText(options, state.name, contextTokensOf(options, state.pinned, config));
  if (!room.ok) return room.error;
  const answers = await work.answers(idsOf(record, ended));
  const texts = combineAnswers(
    answers.map((body) => answerText(body) ?? ''),
    room.value,
  );
  const steps: { step: Step; request: ChatRequest }[] = [];
  for (const [index, text] of texts.entries()) {
    const part = texts.length === 1 ? undefined : { number: index + 1, of: texts.length };
    const request = buildRequest(options, { name: state.name, text, holds: 'answers', part });
    if (!request.ok) return { code: 'invalid-request', detail: request.error.detail };
    steps.push({ step: firstAsk(state.level + 1, index), request: request.value });
  }
  return steps.length > 0 ? { steps } : { code: 'no-answer', detail: `line ${result.line} has no parts` };
}

async function askAgain(
  { work }: AdvanceFrame,
  { step, jobId }: Ended,
  how: Partial<Step>,
  change: (request: ChatRequest) => ChatRequest,
): Promise<NextSteps> {
  const request = await work.request(jobId);
  if (request === undefined) throw new Error(`the store does not hold the request of ${jobId} any more`);
  return { steps: [{ step: { ...step, ...how }, request: change(request as ChatRequest) }] };
}

function goOn(frame: AdvanceFrame, draft: AdvanceDraft, ended: Ended, next: NextSteps): void {
  const { state, result } = ended;
  const fail = (error: Problem): void =>
    endDocument(frame, draft, ended, { outcome: 'failed', output: null, error });
  if (!('steps' in next)) return fail(next);
  const jobs: LineJob[] = [];
  for (const { step, request } of next.steps) {
    const job = prepareStep({ ...frame, line: result.line, pin: state }, step, request);
    if (!job.ok) return fail(job.error);
    jobs.push(job.value);
  }
  const level = next.steps[0]?.step.level ?? state.level;
  draft.goOn(result.line, { ...state, level, steps: jobs.length, left: jobs.length }, jobs);
  draft.drop(idsOf(frame.record, ended));
}

function endDocument(
  { record }: AdvanceFrame,
  draft: AdvanceDraft,
  ended: Ended,
  { outcome, output, error }: DocumentEnd,
): void {
  const { state, result } = ended;
  const { customId, name, sha256, pages, chunks, usage, attempts, fedAtMs } = state;
  const end: LineOutcome = {
    ...result,
    customId,
    outcome,
    body: undefined,
    error: error && { code: error.code, detail: error.detail },
    usage,
    attempts,
    tookMs: Math.max(0, result.endedAtMs - fedAtMs),
    document: { name, sha256, pages, chunks, output },
  };
  draft.end(end);
  draft.drop(idsOf(record, ended));
}

/** The jobs of the level that a step belongs to, all of them; no others of its document are left. */
function idsOf(record: AdvanceFrame['record'], { state, jobId, result }: Ended): readonly JobId[] {
  if (state.steps === 1) return [jobId];
  return Array.from({ length: state.steps }, (_, index) =>
    stepJobId(record, result.line, firstAsk(state.level, index)),
  );
}
