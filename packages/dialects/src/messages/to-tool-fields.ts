import type { Anthropic } from '@anthropic-ai/sdk';
import type { ChatRequest } from '../chat/chat-request.ts';
import type { ChatTool, ChatToolChoice } from '../chat/chat-tools.ts';
import type { MessagesRequest } from './to-messages-request.ts';

/** `tools`, `tool_choice` and `parallel_tool_calls` → `tools` and `tool_choice`; nothing without tools. */
export function toToolFields(chat: ChatRequest): Pick<MessagesRequest, 'tools' | 'tool_choice'> {
  if (chat.tools === undefined || chat.tools.length === 0) return {};
  const choice = toToolChoice(chat.tool_choice, chat.parallel_tool_calls === false);
  return { tools: chat.tools.map(toTool), ...(choice !== undefined && { tool_choice: choice }) };
}

const toTool = ({ function: { name, description, parameters, strict } }: ChatTool): Anthropic.Tool => ({
  name,
  input_schema: parameters ?? { type: 'object', properties: {} },
  ...(typeof description === 'string' && { description }),
  ...(strict === true && { strict }),
});

function toToolChoice(
  choice: ChatToolChoice | undefined,
  oneAtATime: boolean,
): Anthropic.ToolChoice | undefined {
  const limit = oneAtATime && { disable_parallel_tool_use: true };
  if (choice === undefined) return oneAtATime ? { type: 'auto', ...limit } : undefined;
  if (typeof choice === 'object') return { type: 'tool', name: choice.function.name, ...limit };
  if (choice === 'none') return { type: 'none' };
  return { type: choice === 'required' ? 'any' : 'auto', ...limit };
}
