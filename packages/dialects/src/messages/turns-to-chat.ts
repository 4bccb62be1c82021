import { assertNever } from '@spillway/core';
import type { OpenAI } from 'openai';
import type { AssistantBlock, Turn, UserBlock } from './message-blocks.ts';

type ChatMessage = OpenAI.ChatCompletionMessageParam;
type Part = OpenAI.ChatCompletionContentPartText | OpenAI.ChatCompletionContentPartImage;

/** Turns of Messages as messages of a chat, the system prompt first; results of tools come before what the user says. */
export const turnsToChat = (
  system: readonly { readonly text: string }[],
  turns: readonly Turn[],
): ChatMessage[] => [
  ...(system.length > 0 ? [systemMessage(system)] : []),
  ...turns.flatMap((turn): ChatMessage[] => {
    switch (turn.role) {
      case 'system':
        return [systemMessage(turn.content)];
      case 'assistant':
        return [assistantMessage(turn.content)];
      case 'user':
        return userMessages(turn.content);
      default:
        return assertNever(turn);
    }
  }),
];

const systemMessage = (blocks: readonly { readonly text: string }[]): ChatMessage => ({
  role: 'system',
  content: blocks.map(({ text }) => text).join('\n\n'),
});

function assistantMessage(blocks: readonly AssistantBlock[]): ChatMessage {
  const content = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
  const calls = blocks.flatMap((block) =>
    block.type === 'tool_use'
      ? [
          {
            id: block.id,
            type: 'function' as const,
            function: { name: block.name, arguments: JSON.stringify(block.input ?? {}) },
          },
        ]
      : [],
  );
  return calls.length === 0
    ? { role: 'assistant', content }
    : { role: 'assistant', content: content === '' ? null : content, tool_calls: calls };
}

function userMessages(blocks: readonly UserBlock[]): ChatMessage[] {
  const results = blocks.flatMap((block): ChatMessage[] =>
    block.type === 'tool_result'
      ? [{ role: 'tool', tool_call_id: block.tool_use_id, content: resultText(block) }]
      : [],
  );
  const parts = blocks.flatMap(toParts);
  return parts.length === 0 ? results : [...results, { role: 'user', content: plain(parts) }];
}

/** A chat has no mark for a tool that failed: its result says so in words. */
function resultText(block: Extract<UserBlock, { type: 'tool_result' }>): string {
  const text = block.content
    .flatMap(toParts)
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n\n');
  return block.is_error === true ? `Error: ${text}` : text;
}

function toParts(block: UserBlock): Part[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text }];
    case 'image':
      return [{ type: 'image_url', image_url: { url: imageUrl(block.source) } }];
    case 'document': {
      const head = [block.title ?? '', block.context ?? ''].filter((line) => line !== '');
      if (block.source.type === 'text') return [textPart([...head, block.source.data])];
      return [...(head.length > 0 ? [textPart(head)] : []), ...block.source.content.flatMap(toParts)];
    }
    case 'search_result':
      return [textPart([block.title, block.source, ...block.content.map(({ text }) => text)])];
    case 'tool_result':
      return [];
    default:
      return assertNever(block);
  }
}

const textPart = (paragraphs: readonly string[]): Part => ({ type: 'text', text: paragraphs.join('\n\n') });

type ImageSource = Extract<UserBlock, { type: 'image' }>['source'];
const imageUrl = (source: ImageSource): string =>
  source.type === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`;

/** One text alone goes as a string, which the templates of all engines know. */
function plain(parts: Part[]): string | Part[] {
  const [only] = parts;
  return only?.type === 'text' && parts.length === 1 ? only.text : parts;
}
