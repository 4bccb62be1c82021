import { randomUUID } from 'node:crypto';
import type { Answer } from '../answers/answer.ts';

export interface OpenAiUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
}

export interface AnswerHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** How one OpenAI endpoint writes a whole answer. */
export interface WholeShape {
  readonly idPrefix: string;
  readonly whole: (head: AnswerHead, answer: Answer, usage: OpenAiUsage) => object;
}

/** And how it writes it in pieces. */
export interface OpenAiShape extends WholeShape {
  /** `text` is what came since the last chunk; `finishReason` is set on the last one only. */
  readonly chunk: (head: AnswerHead, text: string, part: ChunkPart) => object;
}
type ChunkPart =
  | { readonly kind: 'opening' }
  | { readonly kind: 'middle' }
  | { readonly kind: 'closing'; readonly finishReason: Answer['finishReason'] };

export const newHead = (shape: WholeShape, model: string): AnswerHead => ({
  id: `${shape.idPrefix}${randomUUID().replaceAll('-', '')}`,
  created: Math.floor(Date.now() / 1_000),
  model,
});

const FINGERPRINT = { system_fingerprint: 'engine-sim' };

export const CHAT_SHAPE: OpenAiShape = {
  idPrefix: 'chatcmpl-',
  whole: (head, answer, usage) => ({
    ...headFields(head, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: answer.pieces.join(''), refusal: null },
        logprobs: null,
        finish_reason: answer.finishReason,
      },
    ],
    usage: usageJson(usage),
    ...FINGERPRINT,
  }),
  chunk: (head, text, part) => ({
    ...headFields(head, 'chat.completion.chunk'),
    choices: [
      {
        index: 0,
        delta:
          part.kind === 'opening'
            ? { role: 'assistant', content: '' }
            : part.kind === 'middle'
              ? { content: text }
              : {},
        logprobs: null,
        finish_reason: part.kind === 'closing' ? part.finishReason : null,
      },
    ],
    ...FINGERPRINT,
  }),
};

export const COMPLETION_SHAPE: OpenAiShape = {
  idPrefix: 'cmpl-',
  whole: (head, answer, usage) => ({
    ...headFields(head, 'text_completion'),
    choices: [{ index: 0, text: answer.pieces.join(''), logprobs: null, finish_reason: answer.finishReason }],
    usage: usageJson(usage),
    ...FINGERPRINT,
  }),
  chunk: (head, text, part) => ({
    ...headFields(head, 'text_completion'),
    choices: [
      { index: 0, text, logprobs: null, finish_reason: part.kind === 'closing' ? part.finishReason : null },
    ],
    ...FINGERPRINT,
  }),
};

/** The chunk after the last one, which a client asks for with `stream_options.include_usage`. */
export const usageChunk = (shape: OpenAiShape, head: AnswerHead, usage: OpenAiUsage): object => ({
  ...shape.chunk(head, '', { kind: 'middle' }),
  choices: [],
  usage: usageJson(usage),
});

const headFields = ({ id, created, model }: AnswerHead, object: string): object => ({
  id,
  object,
  created,
  model,
});

const usageJson = ({ promptTokens, completionTokens, cachedTokens }: OpenAiUsage): object => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  prompt_tokens_details: { cached_tokens: cachedTokens },
});
