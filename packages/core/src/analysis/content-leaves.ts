import { isJsonObject, type JsonObject } from '../json.ts';

/** What content comes down to: a text, JSON the model reads as such, or something only a model can read. */
export type ContentLeaf =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'data'; readonly data: unknown }
  /** One token as the number it has in a model's vocabulary. */
  | { readonly kind: 'token' }
  | { readonly kind: 'unreadable' };

/**
 * Everything inside the content of a message, whichever dialect it is in: parts of a chat, items of a Response, blocks
 * of a Message, the results of tools and documents in plain text included. Any JSON will do, however deep or wrong.
 */
export function* contentLeaves(content: unknown): Generator<ContentLeaf> {
  const waiting: unknown[] = [content];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') yield { kind: 'text', text: value };
    else if (typeof value === 'number') yield TOKEN_LEAF;
    else if (Array.isArray(value)) for (const item of value as readonly unknown[]) waiting.push(item);
    else if (isJsonObject(value)) {
      const { leaves, inner } = open(value);
      yield* leaves;
      waiting.push(inner);
    }
  }
}

interface Opened {
  readonly leaves: readonly ContentLeaf[];
  /** What is to be looked at next. */
  readonly inner?: unknown;
}

const TOKEN_LEAF: ContentLeaf = { kind: 'token' };
const UNREADABLE_LEAF: ContentLeaf = { kind: 'unreadable' };
const UNREADABLE_PART: Opened = { leaves: [UNREADABLE_LEAF] };

/** A part is what its type says; one without a type is read only when it is a text or a message and nothing else. */
function open(part: JsonObject): Opened {
  if (!('type' in part)) return Object.keys(part).every(isPlainName) ? textAndContent(part) : UNREADABLE_PART;
  const type = part['type'];
  const known = typeof type === 'string' ? KINDS.get(type) : undefined;
  return known === undefined ? UNREADABLE_PART : known(part);
}

const PLAIN_NAMES: ReadonlySet<string> = new Set(['text', 'role', 'content', 'id', 'phase', 'status']);
const isPlainName = (name: string): boolean => PLAIN_NAMES.has(name);

const textAndContent = (part: JsonObject): Opened => ({
  leaves: texts(part['text']),
  inner: part['content'],
});

type Kind = (part: JsonObject) => Opened;

const textIn =
  (...fields: readonly string[]): Kind =>
  (part) => ({ leaves: fields.flatMap((field) => texts(part[field])) });
const contentIn =
  (field: string): Kind =>
  (part) => ({ leaves: [], inner: part[field] });
const dataIn =
  (field: string): Kind =>
  (part) => ({ leaves: [...texts(part['name']), { kind: 'data', data: part[field] }] });

const texts = (value: unknown): readonly ContentLeaf[] =>
  typeof value === 'string' ? [{ kind: 'text', text: value }] : [];

/** A document is text in itself or made of blocks; any other source is a file, or names one. */
const openDocument: Kind = (part) => {
  const leaves = [...texts(part['title']), ...texts(part['context'])];
  const source = part['source'];
  if (isJsonObject(source) && source['type'] === 'text')
    return { leaves: [...leaves, ...texts(source['data'])] };
  if (isJsonObject(source) && source['type'] === 'content') return { leaves, inner: source['content'] };
  return { leaves: [...leaves, UNREADABLE_LEAF] };
};

/** What a model thought: its summary and text are there to be read, what is encrypted is not. */
const openReasoning: Kind = (part) => ({
  leaves: typeof part['encrypted_content'] === 'string' ? [UNREADABLE_LEAF] : [],
  inner: [part['summary'], part['content']],
});

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['text', textIn('text')],
  ['input_text', textIn('text')],
  ['output_text', textIn('text')],
  ['summary_text', textIn('text')],
  ['reasoning_text', textIn('text')],
  ['refusal', textIn('refusal')],
  ['thinking', textIn('thinking')],
  ['message', textAndContent],
  ['search_result', (part) => ({ leaves: textIn('title', 'source')(part).leaves, inner: part['content'] })],
  ['document', openDocument],
  ['reasoning', openReasoning],
  ['tool_use', dataIn('input')],
  ['function_call', dataIn('arguments')],
  ['tool_result', contentIn('content')],
  ['function_call_output', contentIn('output')],
]);
