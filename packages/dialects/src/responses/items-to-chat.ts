import { assertNever } from '@spillway/core';
import type { OpenAI } from 'openai';
import type { InputItem, MessageItem } from './input-items.ts';

interface SystemMessage {
  readonly role: 'system';
  readonly content: string;
}
interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string | null;
  readonly tool_calls?: OpenAI.ChatCompletionMessageFunctionToolCall[];
}
/** OpenAI's, narrower: what is put together here is text. */
type ChatMessage =
  | SystemMessage
  | AssistantMessage
  | OpenAI.ChatCompletionUserMessageParam
  | OpenAI.ChatCompletionToolMessageParam;
type Part = OpenAI.ChatCompletionContentPartText | OpenAI.ChatCompletionContentPartImage;

/** A message that later items may add to: its texts are joined once, at the end, however many there are. */
type Draft =
  | { readonly role: 'system'; readonly texts: string[] }
  | {
      readonly role: 'assistant';
      readonly texts: string[];
      readonly calls: OpenAI.ChatCompletionMessageFunctionToolCall[];
    }
  | { readonly role: 'other'; readonly message: ChatMessage };

/**
 * Items of a Response as messages of a chat: instructions and the system prompts that open the input as one, which is
 * all that many templates take, and the calls of one answer in one message, where their results look for them.
 */
export function itemsToChat(instructions: string | undefined, items: readonly InputItem[]): ChatMessage[] {
  const drafts: Draft[] = instructions === undefined ? [] : [{ role: 'system', texts: [instructions] }];
  for (const item of items) append(drafts, item);
  return drafts.map(finish);
}

function append(drafts: Draft[], item: InputItem): void {
  switch (item.type) {
    case 'message':
      appendMessage(drafts, item);
      return;
    case 'function_call': {
      const call = {
        id: item.call_id,
        type: 'function',
        function: { name: item.name, arguments: item.arguments },
      } as const;
      const last = drafts.at(-1);
      if (last?.role === 'assistant') last.calls.push(call);
      else drafts.push({ role: 'assistant', texts: [], calls: [call] });
      return;
    }
    case 'function_call_output':
      drafts.push({
        role: 'other',
        message: {
          role: 'tool',
          tool_call_id: item.call_id,
          content: item.output.map(({ text }) => text).join('\n\n'),
        },
      });
      return;
    case 'reasoning':
      return;
    default:
      assertNever(item);
  }
}

function appendMessage(drafts: Draft[], item: MessageItem): void {
  const last = drafts.at(-1);
  switch (item.role) {
    case 'system':
    case 'developer': {
      const text = item.content.map((part) => part.text).join('\n\n');
      if (last?.role === 'system' && drafts.length === 1) last.texts.push(text);
      else drafts.push({ role: 'system', texts: [text] });
      return;
    }
    case 'user':
      drafts.push({ role: 'other', message: { role: 'user', content: plain(item.content.map(toPart)) } });
      return;
    case 'assistant': {
      const text = item.content.map((part) => (part.type === 'refusal' ? part.refusal : part.text)).join('');
      if (last?.role === 'assistant' && last.calls.length > 0) last.texts.push(text);
      else drafts.push({ role: 'assistant', texts: [text], calls: [] });
      return;
    }
    default:
      assertNever(item);
  }
}

function finish(draft: Draft): ChatMessage {
  switch (draft.role) {
    case 'system':
      return { role: 'system', content: draft.texts.join('\n\n') };
    case 'assistant': {
      const content = draft.texts.length === 0 ? null : draft.texts.join('');
      const { calls } = draft;
      return { role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }) };
    }
    case 'other':
      return draft.message;
    default:
      return assertNever(draft);
  }
}

type UserPart = Extract<MessageItem, { role: 'user' }>['content'][number];

function toPart(part: UserPart): Part {
  if (part.type === 'input_text') return { type: 'text', text: part.text };
  const { image_url: url, detail } = part;
  if (detail === null || detail === undefined) return { type: 'image_url', image_url: { url } };
  // the finest a chat knows
  return { type: 'image_url', image_url: { url, detail: detail === 'original' ? 'high' : detail } };
}

/** One text alone goes as a string, which the templates of all engines know. */
function plain(parts: Part[]): string | Part[] {
  const [only] = parts;
  return only?.type === 'text' && parts.length === 1 ? only.text : parts;
}
