import { type JsonObject, ok, type Result } from '@spillway/core';
import { renderPrompt, type UnknownPlaceholder } from '@spillway/documents';
import type { DocumentOptions } from './document-options.ts';

export interface Asking {
  /** The document's name. */
  readonly name: string;
  /** The document or a part of it, or answers that stand for it. */
  readonly text: string;
  readonly holds: 'document' | 'answers';
  /** Which of several at its level; undefined: the only one, whose answer is the document's. */
  readonly part: { readonly number: number; readonly of: number } | undefined;
}

/** A chat completion that can be sent. */
export type ChatRequest = JsonObject & { readonly model: string };

/**
 * The chat completion of one step: the instruction is the system's word and the text the user's, unless the instruction
 * is a template that says where the text goes. The schema stands in the prompt too: an engine that forces an answer into
 * a schema does not tell the model what its fields mean.
 */
export function buildRequest(
  options: Pick<DocumentOptions, 'instruction' | 'schema' | 'model' | 'max_output_tokens'>,
  { name, text, holds, part }: Asking,
): Result<ChatRequest, UnknownPlaceholder> {
  const { instruction, schema } = options;
  const template = readTemplate(instruction, name);
  if (!template.ok) return template;
  const isTemplate = template.value.occurrences > 0;
  const rendered = renderPrompt(instruction, { document: text, filename: name });
  if (!rendered.ok) return rendered;
  const system = [isTemplate ? '' : rendered.value, noteOn(holds, part), noteOnSchema(schema, part)];
  const systemText = system.filter((note) => note !== '').join('\n\n');
  return ok({
    model: options.model,
    messages: [
      ...(systemText === '' ? [] : [{ role: 'system', content: systemText }]),
      { role: 'user', content: isTemplate ? rendered.value : text },
    ],
    max_tokens: options.max_output_tokens,
    ...(schema !== undefined && part === undefined && { response_format: toFormat(schema) }),
  });
}

interface Template {
  /** How often the text stands in it; 0 for an instruction that is no template. */
  readonly occurrences: number;
  /** The instruction without any text. */
  readonly bare: string;
}

export function readTemplate(instruction: string, name: string): Result<Template, UnknownPlaceholder> {
  const bare = renderPrompt(instruction, { document: '', filename: name });
  if (!bare.ok) return bare;
  const once = renderPrompt(instruction, { document: '.', filename: name });
  return ok({ occurrences: once.ok ? once.value.length - bare.value.length : 0, bare: bare.value });
}

function noteOn(holds: Asking['holds'], part: Asking['part']): string {
  const which = part === undefined ? '' : `part ${part.number} of ${part.of}`;
  if (holds === 'document') return part === undefined ? '' : `${TOO_LONG} ${READ_PART.replace('%', which)}`;
  const few =
    part === undefined ? '' : ` These are the ones of ${which}; the rest is put together elsewhere.`;
  return `${TOO_LONG} ${ANSWERS}${few}`;
}

const TOO_LONG = 'The document is too long to be read at once.';
const READ_PART =
  'This is %. Answer for this part alone: the answers for all parts are put together afterwards.';
const ANSWERS =
  'What follows stands for it: the answers for its parts, in order. Put them together into one answer for the whole document.';

function noteOnSchema(schema: DocumentOptions['schema'], part: Asking['part']): string {
  if (schema === undefined) return '';
  return `${part === undefined ? AS_JSON : LATER_AS_JSON}\n${JSON.stringify(schema)}`;
}

const AS_JSON = 'Answer with nothing but JSON that follows this JSON Schema:';
const LATER_AS_JSON =
  'The answer for the whole document will be JSON that follows the JSON Schema below. Write down, as text, everything here that it needs:';

/** Not strict: that takes a small part of JSON Schema only, and an answer is validated in any case. */
const toFormat = (schema: NonNullable<DocumentOptions['schema']>): JsonObject => ({
  type: 'json_schema',
  json_schema: { name: 'answer', schema, strict: false },
});

/** The same request to an engine that takes no response format; the schema stands in its prompt. */
export function withoutFormat({ response_format: _format, ...request }: ChatRequest): ChatRequest {
  return request;
}
