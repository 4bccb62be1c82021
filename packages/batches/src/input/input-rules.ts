import type { Endpoint, JsonObject } from '@spillway/core';

interface InputLimits {
  readonly mostLines: number;
  /** Of one line, without its line end. */
  readonly mostLineBytes: number;
}

/** What an OpenAI input file is held against. */
export interface OpenAiRules extends InputLimits {
  readonly face: 'openai';
  /** Of the batch: every line names the same. */
  readonly endpoint: Endpoint;
  /** Texts to embed, of all lines together. */
  readonly mostEmbeddingInputs: number;
  /** Whether some backend can ever serve the model at the endpoint. */
  isServed(model: string): boolean;
  /** The longest context a backend has for the model; undefined when nobody knows. */
  contextTokensOf(model: string): number | undefined;
}

/** Lines our own API wrote: only their shape is looked at. */
export interface OwnLinesRules extends InputLimits {
  readonly face: 'anthropic' | 'documents';
}

export type InputRules = OpenAiRules | OwnLinesRules;

/** OpenAI's published limits, and the line length that our API takes. */
export const DEFAULT_MOST_LINE_BYTES = 1_048_576;
export const DEFAULT_MOST_EMBEDDING_INPUTS = 50_000;

/** What the body of a line asks to be embedded, in inputs as OpenAI counts them. */
export function countEmbeddingInputs({ input }: JsonObject): number {
  return Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
}
