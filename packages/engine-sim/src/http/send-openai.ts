import { streamSSE } from 'hono/streaming';
import type { Answer } from '../answers/answer.ts';
import type { Pace } from '../engine/pace.ts';
import { newHead, usageChunk, type OpenAiShape, type OpenAiUsage, type WholeShape } from './openai-shapes.ts';
import { clientGone, type SimContext } from './sim-context.ts';

export interface OpenAiSending {
  readonly shape: WholeShape | OpenAiShape;
  readonly model: string;
  readonly answer: Answer;
  readonly pace: Pace;
  /** Asked for once the answer is whole. */
  readonly usage: () => OpenAiUsage;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** Sends an answer as its tokens come: whole when the last one is there, or as server-sent events. */
export async function sendOpenAi(context: SimContext, sending: OpenAiSending): Promise<Response> {
  const { shape, model, answer, pace, usage } = sending;
  if (sending.stream && 'chunk' in shape) return streamOpenAi(context, { ...sending, shape });
  if ((await pace.ended()) === 'aborted') return clientGone(context);
  return context.json(shape.whole(newHead(shape, model), answer, usage()));
}

function streamOpenAi(context: SimContext, sending: OpenAiSending & { shape: OpenAiShape }): Response {
  const { shape, model, answer, pace, usage, includeUsage } = sending;
  const head = newHead(shape, model);
  // with include_usage every other chunk says `usage: null`, as vLLM and OpenAI do
  const extra = includeUsage ? { usage: null } : {};
  return streamSSE(context, async (stream) => {
    const write = (chunk: object): Promise<void> => stream.writeSSE({ data: JSON.stringify(chunk) });
    let sent = 0;
    while (sent < answer.pieces.length) {
      const ready = await pace.progressBeyond(sent);
      if (ready <= sent) return;
      if (sent === 0) await write({ ...shape.chunk(head, '', { kind: 'opening' }), ...extra });
      const text = answer.pieces.slice(sent, ready).join('');
      await write({ ...shape.chunk(head, text, { kind: 'middle' }), ...extra });
      sent = ready;
    }
    const closing = { kind: 'closing', finishReason: answer.finishReason } as const;
    await write({ ...shape.chunk(head, '', closing), ...extra });
    if (includeUsage) await write(usageChunk(shape, head, usage()));
    await stream.writeSSE({ data: '[DONE]' });
  });
}
