/** Whose wire form a path speaks: ours, OpenAI's or Anthropic's. */
export type Face = 'native' | 'openai' | 'anthropic';

/** The face of a path; one that no face has made its own is ours. */
export function faceOf(path: string): Face {
  if (OPENAI.test(path)) return 'openai';
  return ANTHROPIC.test(path) ? 'anthropic' : 'native';
}

const OPENAI = /^\/v1\/(?:files|uploads|batches|chat|completions|embeddings|responses|models)(?:\/|$)/;
const ANTHROPIC = /^\/v1\/messages(?:\/|$)/;
