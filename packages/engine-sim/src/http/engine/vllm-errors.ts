import type { RenderError } from '../../faults/play-fault.ts';
import { LARGEST_BODY_BYTES, type BodyProblem } from '../read-json.ts';
import type { SimContext } from '../sim-context.ts';

const TYPES = {
  400: 'BadRequestError',
  404: 'NotFoundError',
  413: 'BadRequestError',
  500: 'InternalServerError',
  503: 'ServiceUnavailableError',
} as const;

/** vLLM's error envelope: `code` repeats the status. */
export const vllmError = (
  context: SimContext,
  status: keyof typeof TYPES,
  message: string,
  param: string | null = null,
): Response => context.json({ error: { message, type: TYPES[status], param, code: status } }, status);

export const modelNotFound = (context: SimContext, model: string): Response =>
  vllmError(context, 404, `The model \`${model}\` does not exist.`, 'model');

/** The refusal of an engine that cannot hold its answer to a schema. */
export const noGuidedDecoding = (context: SimContext): Response =>
  vllmError(
    context,
    400,
    'This engine has no guided decoding: it takes no response_format but text.',
    'response_format',
  );

export const queueFull = (context: SimContext): Response =>
  vllmError(context, 503, 'The engine queue is full (waiting and running requests); try again later.');

/** The refusal of a prompt that is too long, in the words clients match on. */
export const promptTooLong = (context: SimContext, limit: number, promptTokens: number): Response =>
  vllmError(
    context,
    400,
    `This model's maximum context length is ${limit} tokens, but the prompt contains ${promptTokens} input tokens.`,
    'input_tokens',
  );

/** The refusal of a `max_tokens` that does not fit behind the prompt. */
export const answerTooLong = (
  context: SimContext,
  limit: number,
  promptTokens: number,
  maxTokens: number,
): Response =>
  vllmError(
    context,
    400,
    `'max_tokens' or 'max_completion_tokens' is too large: ${maxTokens}. This model's maximum context length is ` +
      `${limit} tokens and your request has ${promptTokens} input tokens.`,
    'max_tokens',
  );

export const bodyError = (context: SimContext, problem: BodyProblem): Response =>
  problem.kind === 'too-large'
    ? vllmError(context, 413, `The request body is larger than ${LARGEST_BODY_BYTES} bytes.`)
    : vllmError(context, 400, problem.detail, problem.param);

export const renderVllmFault: RenderError = (context, kind) =>
  kind === 'error-500'
    ? vllmError(context, 500, 'EngineCore encountered an issue (simulated).')
    : vllmError(context, 503, 'The engine is overloaded (simulated).');
