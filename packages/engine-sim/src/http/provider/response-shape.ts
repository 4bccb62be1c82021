import type { Answer } from '../../answers/answer.ts';
import type { AnswerHead, OpenAiUsage, WholeShape } from '../openai-shapes.ts';
import type { ResponsesBody } from './responses-body.ts';

/** How OpenAI writes a whole Response to this request; requests for a stream are refused before. */
export const responseShape = (body: ResponsesBody): WholeShape => ({
  idPrefix: 'resp_',
  whole: (head, answer, usage) => responseJson(body, head, answer, usage),
});

function responseJson(
  body: ResponsesBody,
  { id, created, model }: AnswerHead,
  answer: Answer,
  usage: OpenAiUsage,
): object {
  const whole = answer.finishReason === 'stop';
  const status = whole ? 'completed' : 'incomplete';
  return {
    ...DEFAULTS,
    ...repeated(body),
    id,
    created_at: created,
    completed_at: whole ? created : null,
    model,
    status,
    incomplete_details: whole ? null : { reason: 'max_output_tokens' },
    output: [
      {
        id: id.replace('resp_', 'msg_'),
        type: 'message',
        role: 'assistant',
        status,
        content: [{ type: 'output_text', text: answer.pieces.join(''), annotations: [], logprobs: [] }],
      },
    ],
    usage: {
      input_tokens: usage.promptTokens,
      input_tokens_details: { cached_tokens: usage.cachedTokens, cache_write_tokens: 0 },
      output_tokens: usage.completionTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.promptTokens + usage.completionTokens,
    },
  };
}

const DEFAULTS = {
  object: 'response',
  access_programs: null,
  background: false,
  error: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  user: null,
};

/** What of the request its Response shows again. */
const repeated = (body: ResponsesBody): object =>
  Object.fromEntries(
    Object.keys(DEFAULTS)
      .filter((name) => name !== 'object' && body[name] !== undefined && body[name] !== null)
      .map((name) => [name, body[name]]),
  );
