import { randomUUID } from 'node:crypto';
import { embeddingBase64, embeddingOf } from '../answers/embedding.ts';
import { textTokens, type Prompt } from '../answers/prompt.ts';

/** An input to embed has no frame around it. */
export const inputTokens = ({ text }: Prompt): number => Math.max(1, textTokens(text));

/** The answer of `/v1/embeddings`, the same from the engine and from a provider. */
export function embeddingJson(
  model: string,
  prompts: readonly Prompt[],
  dimensions: number,
  encoding: 'float' | 'base64',
): object {
  const tokens = prompts.reduce((sum, prompt) => sum + inputTokens(prompt), 0);
  return {
    id: `embd-${randomUUID().replaceAll('-', '')}`,
    object: 'list',
    created: Math.floor(Date.now() / 1_000),
    model,
    data: prompts.map(({ digest }, index) => {
      const vector = embeddingOf(digest, dimensions);
      return {
        index,
        object: 'embedding',
        embedding: encoding === 'base64' ? embeddingBase64(vector) : vector,
      };
    }),
    usage: {
      prompt_tokens: tokens,
      total_tokens: tokens,
      completion_tokens: 0,
      prompt_tokens_details: { cached_tokens: 0 },
    },
    system_fingerprint: 'engine-sim',
  };
}
