import { isJsonObject, type JsonObject } from '@spillway/core';

/** An HTTP answer outside 2xx, in one shape for all vendors. `message` is the vendor's text, not yet fit to show. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** Machine-readable words of the vendor, lower case: its error `code` and `type`. */
  readonly codes: readonly string[];
  readonly headers: Headers;
}

/**
 * Reads the error envelopes in use, whole or without their outer `error`, as the SDKs hand them over: OpenAI's,
 * Anthropic's, Gemini's, FastAPI's, bare `{message}`. `text`, an SDK's message, stands for a body that is no JSON.
 */
export function parseRefusal(status: number, body: unknown, text: string, headers: Headers): Refusal {
  const first = Array.isArray(body) ? (body as readonly unknown[])[0] : body;
  const envelope = typeof first === 'string' ? { message: first } : first;
  const error = isJsonObject(envelope) ? errorOf(envelope) : { message: plainText(text), codes: [] };
  return { status, headers, ...error };
}

function errorOf(envelope: JsonObject): Pick<Refusal, 'message' | 'codes'> {
  const nested = envelope['error'];
  if (typeof nested === 'string') return { message: nested, codes: [] };
  const error = isJsonObject(nested) ? nested : envelope;
  const { message, detail, code, type } = error as Record<string, unknown>;
  return {
    message: typeof message === 'string' ? message : detailOf(detail),
    codes: [code, type].filter((word) => typeof word === 'string').map((word) => word.toLowerCase()),
  };
}

/** FastAPI's list of problems also holds the offending `input`, which may be the prompt: only place and text are read. */
function detailOf(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return '';
  return (detail as readonly unknown[])
    .filter(isJsonObject)
    .map(({ loc, msg }) => `${Array.isArray(loc) ? loc.join('.') : 'body'}: ${String(msg)}`)
    .join('; ');
}

/** The SDKs put the status before a text; their words for "no body", and some proxy's HTML, say no more than it does. */
function plainText(text: string): string {
  const bare = text.replace(/^\d{3} (?:status code \(no body\)$)?/, '');
  return bare.trimStart().startsWith('<') ? '' : bare;
}
