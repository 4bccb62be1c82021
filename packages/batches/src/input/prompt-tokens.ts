import { type Endpoint, estimateRequestTokens, type JsonObject } from '@spillway/core';

/** Tokens of the longest prompt a request has, estimated: each prompt of a list has the context to itself. */
export function longestPromptTokens(endpoint: Endpoint, body: JsonObject): number {
  const name =
    endpoint === '/v1/embeddings' ? 'input' : endpoint === '/v1/completions' ? 'prompt' : undefined;
  const prompts = name === undefined ? undefined : body[name];
  if (name === undefined || !Array.isArray(prompts) || typeof prompts[0] === 'number') {
    return estimateRequestTokens(endpoint, body).inputTokens;
  }
  let longest = 0;
  for (const prompt of prompts as readonly unknown[]) {
    longest = Math.max(longest, estimateRequestTokens(endpoint, { [name]: prompt }).inputTokens);
  }
  return longest;
}
