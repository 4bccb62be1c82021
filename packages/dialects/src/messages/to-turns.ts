import type { Anthropic } from '@anthropic-ai/sdk';
import { assertNever } from '@spillway/core';
import type { ChatMessage, ChatPart } from '../chat/chat-message.ts';

type Block = Anthropic.ContentBlockParam;
type Role = 'user' | 'assistant';

/** The system and developer prompts, in order, as one; empty when there are none. */
export const toSystem = (messages: readonly ChatMessage[]): string =>
  messages
    .flatMap((message) =>
      message.role === 'system' || message.role === 'developer'
        ? message.content.map(({ text }) => text)
        : [],
    )
    .filter((text) => text.trim() !== '')
    .join('\n\n');

/**
 * Everything else, as turns that alternate. The results of tools belong to the user's turn, all of one round in the
 * same turn and before its text, or Anthropic refuses them.
 */
export function toTurns(messages: readonly ChatMessage[]): Anthropic.MessageParam[] {
  const turns: { role: Role; content: Block[] }[] = [];
  for (const message of messages) {
    const content = toBlocks(message);
    if (content.length === 0) continue;
    const role: Role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    // One by one: a stranger's message of 200,000 parts is more arguments than a call can take.
    if (last?.role === role) for (const block of content) last.content.push(block);
    else turns.push({ role, content });
  }
  return turns.map(({ role, content }) => ({
    role,
    content: content.toSorted((a, b) => Number(b.type === 'tool_result') - Number(a.type === 'tool_result')),
  }));
}

function toBlocks(message: ChatMessage): Block[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [];
    case 'user':
      return message.content.flatMap(toBlock);
    case 'tool': {
      const content = message.content.flatMap(toTextBlock);
      return [
        {
          type: 'tool_result',
          tool_use_id: toToolUseId(message.tool_call_id),
          ...(content.length > 0 && { content }),
        },
      ];
    }
    case 'assistant':
      return [
        ...message.content.flatMap(toBlock),
        ...toTextBlock({ text: message.refusal ?? '' }),
        ...(message.tool_calls ?? []).map(({ id, function: { name, arguments: input } }): Block => ({
          type: 'tool_use',
          id: toToolUseId(id),
          name,
          input,
        })),
      ];
    default:
      return assertNever(message);
  }
}

function toBlock(part: ChatPart): Block[] {
  switch (part.type) {
    case 'text':
      return toTextBlock(part);
    case 'refusal':
      return toTextBlock({ text: part.refusal });
    case 'image_url':
      return [{ type: 'image', source: part.image_url.url }];
    default:
      return assertNever(part);
  }
}

/** Anthropic refuses blocks without visible text, which say nothing anyway. */
const toTextBlock = ({ text }: { readonly text: string }): Anthropic.TextBlockParam[] =>
  text.trim() === '' ? [] : [{ type: 'text', text }];

/** Engines make ids like `functions.search:0`; Anthropic takes letters, digits, `_` and `-`. */
const toToolUseId = (id: string): string => id.replaceAll(/[^a-zA-Z0-9_-]/g, '_');
