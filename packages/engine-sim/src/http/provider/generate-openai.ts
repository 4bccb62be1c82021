import { writeAnswer, type AnswerFormat } from '../../answers/answer.ts';
import { promptFrom, textTokens } from '../../answers/prompt.ts';
import { playFault } from '../../faults/play-fault.ts';
import type { ChatBody, CompletionBody } from '../openai-bodies.ts';
import type { OpenAiShape, WholeShape } from '../openai-shapes.ts';
import { sendOpenAi } from '../send-openai.ts';
import { disconnectSignal, type SimContext } from '../sim-context.ts';
import { renderOpenAiFault } from './openai-errors.ts';
import { beginAnswer, type ProviderDeps } from './provider-deps.ts';

export interface OpenAiGeneration {
  readonly shape: WholeShape | OpenAiShape;
  readonly body: Pick<ChatBody | CompletionBody, 'model' | 'stream' | 'stream_options'>;
  readonly texts: readonly string[];
  /** What the provider caches between requests: the first message of a chat. */
  readonly prefix: string;
  readonly format: AnswerFormat;
  readonly maxTokens: number;
}

/** Answers a generation as OpenAI would: the fault if one is ordered, else the text at the provider's pace. */
export async function generateOpenAi(
  context: SimContext,
  deps: ProviderDeps,
  { shape, body, texts, prefix, format, maxTokens }: OpenAiGeneration,
): Promise<Response> {
  const model = body.model ?? 'unnamed';
  const stream = body.stream ?? false;
  const prompt = promptFrom(texts);
  const signal = disconnectSignal(context);
  deps.digests.add(prompt.digest);
  deps.journal.arrived([prompt.digest], context.env.outgoing);
  const rule = deps.faults.take(prompt.text, 'openai');
  const scene = { streaming: stream, renderError: renderOpenAiFault, signal };
  const trouble = await playFault(context, rule, scene);
  if (trouble !== undefined) return trouble;

  const answer = writeAnswer({ label: '[simulated openai]', prompt, format, maxTokens, seed: deps.seed });
  const completionTokens = answer.pieces.length;
  const cachedTokens = deps.cache.look(`openai ${model} ${prefix}`, textTokens(prefix)).cached;
  const pace = beginAnswer(context, deps, { prompt: prompt.tokens, answer: completionTokens }, signal);
  const usage = () => ({ promptTokens: prompt.tokens, completionTokens, cachedTokens });
  const includeUsage = body.stream_options?.include_usage ?? false;
  return sendOpenAi(context, { shape, model, answer, pace, usage, stream, includeUsage });
}
