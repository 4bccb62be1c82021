import { writeAnswer, type AnswerFormat } from '../../answers/answer.ts';
import { promptFrom } from '../../answers/prompt.ts';
import { prefixHashes } from '../../engine/prefix-hashes.ts';
import { playFault } from '../../faults/play-fault.ts';
import type { OpenAiShape } from '../openai-shapes.ts';
import { sendOpenAi } from '../send-openai.ts';
import { clientGone, disconnectSignal, type SimContext } from '../sim-context.ts';
import type { EngineDeps } from './engine-deps.ts';
import {
  answerTooLong,
  modelNotFound,
  noGuidedDecoding,
  promptTooLong,
  queueFull,
  renderVllmFault,
} from './vllm-errors.ts';

export interface Generation {
  readonly shape: OpenAiShape;
  readonly model: string | undefined;
  readonly texts: readonly string[];
  readonly cacheSalt: string | undefined;
  readonly format: AnswerFormat;
  readonly maxTokens: number | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** Runs one generation through the engine: faults first, then vLLM's own checks, then the queue. */
export async function generate(
  context: SimContext,
  deps: EngineDeps,
  generation: Generation,
): Promise<Response> {
  const { shape, model = deps.modelName, texts, cacheSalt = '', format, stream, includeUsage } = generation;
  const prompt = promptFrom(texts);
  const signal = disconnectSignal(context);
  deps.digests.add(prompt.digest);
  deps.journal.arrived([prompt.digest], context.env.outgoing);
  const rule = deps.faults.take(prompt.text);
  const trouble = await playFault(context, rule, { streaming: stream, renderError: renderVllmFault, signal });
  if (trouble !== undefined) return trouble;
  if (signal.aborted) return clientGone(context);

  if (model !== deps.modelName) return modelNotFound(context, model);
  if (format.kind !== 'text' && !deps.guidedDecoding) return noGuidedDecoding(context);
  const room = deps.maxModelLen - prompt.tokens;
  if (room < 1) return promptTooLong(context, deps.maxModelLen, prompt.tokens);
  const { maxTokens = room } = generation;
  if (maxTokens > room) return answerTooLong(context, deps.maxModelLen, prompt.tokens, maxTokens);

  const mistaken = format.kind === 'json-schema' && deps.mistakes.takeMistake(prompt);
  const answer = writeAnswer({ label: '[simulated]', prompt, format, maxTokens, seed: deps.seed, mistaken });
  const completionTokens = answer.pieces.length;
  const ticket = deps.loop.submit(
    {
      promptTokens: prompt.tokens,
      outputTokens: completionTokens,
      prefixHashes: deps.prefixCaching ? prefixHashes(texts, cacheSalt) : [],
      finishReason: answer.finishReason,
    },
    signal,
  );
  if (!ticket.ok) return queueFull(context);
  const pace = ticket.value;
  const usage = () => ({
    promptTokens: prompt.tokens,
    completionTokens,
    cachedTokens: pace.sequence.cachedTokens,
  });
  return sendOpenAi(context, { shape, model, answer, pace, usage, stream, includeUsage });
}
