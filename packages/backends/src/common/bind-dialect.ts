import type {
  AttemptOutcome,
  Endpoint,
  FailureReason,
  InferenceBackend,
  InferenceRequest,
  JsonObject,
  Result,
} from '@spillway/core';
import {
  chatToMessage,
  chatToResponse,
  messagesToChat,
  responsesToChat,
  type MalformedAnswer,
  type Untranslatable,
} from '@spillway/dialects';

type Run = InferenceBackend['run'];

interface ChatDialect {
  readonly toChat: (body: JsonObject) => Result<JsonObject, Untranslatable>;
  readonly toAnswer: (completion: JsonObject, request: JsonObject) => Result<JsonObject, MalformedAnswer>;
}

/** The dialects that can be said in chat completions, which every vendor speaks in some form. */
const DIALECTS = {
  '/v1/messages': { toChat: messagesToChat, toAnswer: chatToMessage },
  '/v1/responses': { toChat: responsesToChat, toAnswer: chatToResponse },
} as const satisfies Partial<Record<Endpoint, ChatDialect>>;

export interface Binding {
  /** Endpoints among those above that the vendor speaks itself. */
  readonly native: readonly (keyof typeof DIALECTS)[];
  /** How the vendor calls the limit of a chat: OpenAI's newer models take its newer name only, engines the older. */
  readonly limitField: 'max_tokens' | 'max_completion_tokens';
}

/**
 * Binds a request to a dialect of the backend when it is already known which backend runs it: what is `native` goes
 * through as it came, other Messages and Responses go as a chat and come back in their own dialect, the rest is `run`'s
 * to answer or refuse. What cannot be said as a chat fails as `invalid-request`, and nothing is sent.
 */
export const bindDialect =
  (binding: Binding, run: Run): Run =>
  (request, options) => {
    const { endpoint } = request;
    return (endpoint === '/v1/messages' || endpoint === '/v1/responses') && !binding.native.includes(endpoint)
      ? runAsChat(DIALECTS[endpoint], binding, request, (chat) => run(chat, options))
      : run(request, options);
  };

async function runAsChat(
  dialect: ChatDialect,
  { limitField }: Binding,
  request: InferenceRequest,
  run: (chat: InferenceRequest) => Promise<AttemptOutcome>,
): Promise<AttemptOutcome> {
  const chat = dialect.toChat(request.body);
  if (!chat.ok) return failed({ kind: 'invalid-request', detail: chat.error.detail });
  const { max_tokens: limit, ...rest } = chat.value;
  const body = limit === undefined ? rest : { ...rest, [limitField]: limit };
  const outcome = await run({ ...request, endpoint: '/v1/chat/completions', body });
  if (outcome.kind !== 'completed') return outcome;
  const answer = dialect.toAnswer(outcome.body, request.body);
  return answer.ok
    ? { ...outcome, body: answer.value }
    : failed({ kind: 'malformed-answer', detail: answer.error.detail });
}

const failed = (reason: FailureReason): AttemptOutcome => ({ kind: 'failed', reason });
