import { assertNever } from '@spillway/core';
import type { OpenAI } from 'openai';
import type { InputItem, MessageItem } from './input-items.ts';

/** OpenAI's, narrower: what is put together here is text. */
interface SystemMessage {
  readonly role: 'system';
  readonly content: string;
}
interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string | null;
  readonly tool_calls?: OpenAI.ChatCompletionMessageFunctionToolCall[];
}
type ChatMessage =
  | SystemMessage
  | AssistantMessage
  | OpenAI.ChatCompletionUserMessageParam
  | OpenAI.ChatCompletionToolMessageParam;
type Part = OpenAI.ChatCompletionContentPartText | OpenAI.ChatCompletionContentPartImage;

/**
 * Items of a Response as messages of a chat: instructions and the system prompts that open the input as one, which is
 * all that many templates take, and the calls of one answer in one message, where their results look for them.
 */
export function itemsToChat(instructions: string | undefined, items: readonly InputItem[]): ChatMessage[] {
  const messages: ChatMessage[] =
    instructions === undefined ? [] : [{ role: 'system', content: instructions }];
  for (const item of items) append(messages, item);
  return messages;
}

function append(messages: ChatMessage[], item: InputItem): void {
  switch (item.type) {
    case 'message':
      appendMessage(messages, item);
      return;
    case 'function_call': {
      const call = {
        id: item.call_id,
        type: 'function',
        function: { name: item.name, arguments: item.arguments },
      } as const;
      const { tool_calls: calls = [], ...answer } = takeAnswer(messages) ?? {
        role: 'assistant',
        content: null,
      };
      messages.push({ ...answer, tool_calls: [...calls, call] });
      return;
    }
    case 'function_call_output':
      messages.push({
        role: 'tool',
        tool_call_id: item.call_id,
        content: item.output.map(({ text }) => text).join('\n\n'),
      });
      return;
    case 'reasoning':
      return;
    default:
      assertNever(item);
  }
}

function appendMessage(messages: ChatMessage[], item: MessageItem): void {
  switch (item.role) {
    case 'system':
    case 'developer': {
      const text = item.content.map((part) => part.text).join('\n\n');
      const [first, ...others] = messages;
      if (first?.role === 'system' && others.length === 0)
        messages[0] = { role: 'system', content: `${first.content}\n\n${text}` };
      else messages.push({ role: 'system', content: text });
      return;
    }
    case 'user':
      messages.push({ role: 'user', content: plain(item.content.map(toPart)) });
      return;
    case 'assistant': {
      const text = item.content.map((part) => (part.type === 'refusal' ? part.refusal : part.text)).join('');
      const calling = messages.at(-1);
      if (calling?.role === 'assistant' && calling.tool_calls !== undefined)
        messages[messages.length - 1] = { ...calling, content: `${calling.content ?? ''}${text}` };
      else messages.push({ role: 'assistant', content: text });
      return;
    }
    default:
      assertNever(item);
  }
}

/** Takes the last message off, if it is the assistant's, to be put back with more in it. */
function takeAnswer(messages: ChatMessage[]): AssistantMessage | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return undefined;
  messages.pop();
  return last;
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
  const [only, ...others] = parts;
  return only?.type === 'text' && others.length === 0 ? only.text : parts;
}
