import { estimateRequestTokens, estimateTokens } from '@spillway/core';
import { clip } from './clip.ts';
import type { ChatRequest } from './prompt.ts';

/**
 * The conversation so far, the answer that does not follow the schema, and what is wrong with it. Of a long answer the
 * end is left out, so that all of it fits.
 *
 * @param promptTokens what the prompt may have, in estimated tokens
 */
export function toRepairRequest(
  request: ChatRequest,
  answer: string,
  mistakes: readonly string[],
  promptTokens: number,
): ChatRequest {
  const { messages } = request;
  const list = mistakes.map((mistake) => `- ${mistake.slice(0, MAX_MISTAKE)}`).slice(0, MAX_MISTAKES);
  const complaint = `${COMPLAINT}\n${list.join('\n')}\n${AGAIN}`;
  const { inputTokens } = estimateRequestTokens('/v1/chat/completions', request);
  const room = promptTokens - inputTokens - formatTokens(request) - estimateTokens(complaint) - FRAME_TOKENS;
  const said = clip(answer, Math.max(1, room));
  return {
    ...request,
    messages: [
      ...(Array.isArray(messages) ? (messages as readonly unknown[]) : []),
      { role: 'assistant', content: said === answer ? said : `${said}…` },
      { role: 'user', content: complaint },
    ],
  };
}

const COMPLAINT = 'That answer does not follow the JSON Schema:';
const AGAIN = 'Answer again, with nothing but the corrected JSON.';
const MAX_MISTAKES = 5;
const MAX_MISTAKE = 160;
const FRAME_TOKENS = 16;

const formatTokens = ({ response_format: format }: ChatRequest): number =>
  format === undefined ? 0 : estimateTokens(JSON.stringify(format));
