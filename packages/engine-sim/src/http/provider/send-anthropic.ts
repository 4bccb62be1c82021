import { streamSSE } from 'hono/streaming';
import type { Pace } from '../../engine/pace.ts';
import { clientGone, type SimContext } from '../sim-context.ts';
import {
  blockDelta,
  blockStart,
  messageJson,
  openingJson,
  stopReason,
  type AnthropicMessage,
} from './anthropic-message.ts';

/** Sends a message as its tokens come: whole when the last one is there, or as Anthropic's named events. */
export async function sendAnthropic(
  context: SimContext,
  message: AnthropicMessage,
  pace: Pace,
  stream: boolean,
): Promise<Response> {
  if (stream) return streamAnthropic(context, message, pace);
  if ((await pace.ended()) === 'aborted') return clientGone(context);
  return context.json(messageJson(message));
}

function streamAnthropic(context: SimContext, message: AnthropicMessage, pace: Pace): Response {
  return streamSSE(context, async (stream) => {
    const write = (event: string, fields: object): Promise<void> =>
      stream.writeSSE({ event, data: JSON.stringify({ type: event, ...fields }) });
    const { pieces } = message.answer;
    let sent = 0;
    await write('message_start', { message: openingJson(message) });
    await write('content_block_start', { index: 0, content_block: blockStart(message) });
    await write('ping', {});
    while (sent < pieces.length) {
      const ready = await pace.progressBeyond(sent);
      if (ready <= sent) return;
      const delta = blockDelta(message, pieces.slice(sent, ready).join(''));
      await write('content_block_delta', { index: 0, delta });
      sent = ready;
    }
    await write('content_block_stop', { index: 0 });
    await write('message_delta', {
      delta: { stop_reason: stopReason(message), stop_sequence: null },
      usage: { output_tokens: message.usage.outputTokens },
    });
    await write('message_stop', {});
  });
}
