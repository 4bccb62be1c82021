import type { JsonObject } from '@spillway/core';

const MAX_CHARS = 300;
/** An echo of the request at least twice this long is always found; shorter ones are field names and the like. */
const WINDOW_CHARS = 20;
const STEP_CHARS = WINDOW_CHARS / 2;
/** Where pydantic, and so vLLM, begins to repeat what it was sent. */
const ECHO = /,?\s*(?:['"]input['"]\s*:|\binput_value\s*=).*$/is;
/** More than enough for a quote, and little enough to search. */
const READ_CHARS = 4 * MAX_CHARS;

/**
 * A vendor's error text, fit for the person who submitted the job: one line, at most 300 characters, and withheld
 * where it repeats prompt text. `fallback` stands in for an empty or withheld one.
 */
export function quoteVendor(message: string, body: JsonObject, fallback: string): string {
  const line = oneLine(message.slice(0, READ_CHARS).replace(ECHO, ''));
  const quote = line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS - 1)}…` : line;
  return quote === '' || repeatsPrompt(quote, body) ? fallback : quote;
}

function repeatsPrompt(quote: string, body: JsonObject): boolean {
  const texts = promptTexts(body).map(oneLine);
  // a short text is looked for as a whole; single words are roles, names and types, which vendors do mention
  const short = texts.filter((text) => text.length < 2 * WINDOW_CHARS && /\S\s\S/.test(text));
  if (short.some((text) => quote.includes(text))) return true;
  const prompt = texts.join(' ');
  for (let start = 0; start + WINDOW_CHARS <= quote.length; start += STEP_CHARS) {
    if (prompt.includes(quote.slice(start, start + WINDOW_CHARS))) return true;
  }
  return false;
}

const PROMPT_FIELDS = [
  'messages',
  'system',
  'prompt',
  'input',
  'instructions',
  'suffix',
  'tools',
  'response_format',
  'text',
  'output_config',
] as const;

/** Every string below the fields that hold what the client wrote, however deep; so without recursion. */
function promptTexts(body: JsonObject): readonly string[] {
  const texts: string[] = [];
  const pending: unknown[] = PROMPT_FIELDS.map((field) => body[field]);
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value) as readonly unknown[]) pending.push(inner);
  }
  return texts;
}

const oneLine = (text: string): string => text.replaceAll(/(?:\s|\\[nrt])+/g, ' ').trim();
