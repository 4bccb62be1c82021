import { isJsonObject, ok, type JsonObject, type Result } from '@spillway/core';
import type { OpenAI } from 'openai';
import { readChatAnswer, type ChatAnswer, type MalformedAnswer } from '../chat/chat-answer.ts';
import { derivedId } from '../derived-id.ts';

/** What the API sends; the SDKs add `output_text` themselves. */
type Response = Omit<OpenAI.Responses.Response, 'output_text'>;
type Item = OpenAI.Responses.ResponseOutputItem;

/**
 * Chat completion → a whole Response, for the request it answers, which `responsesToChat` has taken: what a Response
 * repeats of its request is repeated as it was sent. Refuses an answer without a message.
 */
export function chatToResponse(
  completion: JsonObject,
  request: JsonObject,
): Result<JsonObject, MalformedAnswer> {
  const answer = readChatAnswer(completion);
  return answer.ok ? ok({ ...toResponse(answer.value, request) }) : answer;
}

function toResponse(answer: ChatAnswer, request: JsonObject): Response {
  const incomplete = INCOMPLETE[answer.end];
  const status = incomplete === undefined ? 'completed' : 'incomplete';
  return {
    id: derivedId('resp', answer.id),
    object: 'response',
    created_at: answer.created,
    completed_at: answer.created,
    status,
    error: null,
    incomplete_details: incomplete === undefined ? null : { reason: incomplete },
    model: answer.model,
    output: toItems(answer, status),
    usage: toUsage(answer.usage),
    access_programs: null,
    background: false,
    previous_response_id: null,
    ...repeated(request),
  };
}

const INCOMPLETE = {
  stop: undefined,
  'tool-calls': undefined,
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
} as const satisfies Record<ChatAnswer['end'], string | undefined>;

function toItems(answer: ChatAnswer, status: 'completed' | 'incomplete'): Item[] {
  const content: OpenAI.Responses.ResponseOutputMessage['content'] = [];
  if (answer.text !== '')
    content.push({ type: 'output_text', text: answer.text, annotations: [], logprobs: [] });
  if (answer.refusal !== '') content.push({ type: 'refusal', refusal: answer.refusal });
  const calls = answer.toolCalls.map((call, index): Item => ({
    type: 'function_call',
    id: `${derivedId('fc', answer.id)}${index}`,
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
    status,
  }));
  if (content.length === 0) return calls;
  return [{ type: 'message', id: derivedId('msg', answer.id), role: 'assistant', status, content }, ...calls];
}

const toUsage = (usage: ChatAnswer['usage']): OpenAI.Responses.ResponseUsage => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: { cached_tokens: usage.cachedInputTokens, cache_write_tokens: 0 },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  total_tokens: usage.inputTokens + usage.outputTokens,
});

type Repeated = Pick<
  Response,
  | 'instructions'
  | 'max_output_tokens'
  | 'max_tool_calls'
  | 'metadata'
  | 'parallel_tool_calls'
  | 'reasoning'
  | 'service_tier'
  | 'temperature'
  | 'text'
  | 'tool_choice'
  | 'tools'
  | 'top_p'
  | 'truncation'
  | 'user'
>;

/** Fields of the request that its Response shows, with OpenAI's values for those that were not sent. */
function repeated(request: JsonObject): Repeated {
  const sent = request as Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>;
  return {
    instructions: sent.instructions ?? null,
    max_output_tokens: sent.max_output_tokens ?? null,
    max_tool_calls: sent.max_tool_calls ?? null,
    metadata: sent.metadata ?? {},
    parallel_tool_calls: sent.parallel_tool_calls ?? true,
    reasoning: { effort: sent.reasoning?.effort ?? null, summary: null },
    service_tier: 'default',
    // the engine's own choice where none was sent: nobody tells it
    temperature: sent.temperature ?? null,
    text: { ...sent.text, format: sent.text?.format ?? { type: 'text' } },
    tool_choice: sent.tool_choice ?? 'auto',
    tools: (sent.tools ?? []).map(wholeTool),
    top_p: sent.top_p ?? null,
    truncation: sent.truncation ?? 'disabled',
    ...(sent.user !== undefined && { user: sent.user }),
  };
}

/** Functions may be sent without what the Response must show of them. */
const wholeTool = (tool: OpenAI.Responses.Tool): OpenAI.Responses.Tool =>
  isJsonObject(tool) && tool.type === 'function'
    ? { ...tool, parameters: tool.parameters ?? null, strict: tool.strict ?? null }
    : tool;
