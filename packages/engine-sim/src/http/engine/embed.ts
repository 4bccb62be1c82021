import { EMBEDDING_DIMENSIONS } from '../../answers/embedding.ts';
import { promptFrom } from '../../answers/prompt.ts';
import type { Ticket } from '../../engine/ticket.ts';
import { playFault } from '../../faults/play-fault.ts';
import { embeddingJson, inputTokens } from '../embedding-json.ts';
import { embeddingTexts, type EmbeddingBody } from '../openai-bodies.ts';
import { clientGone, disconnectSignal, type SimContext } from '../sim-context.ts';
import type { EngineDeps } from './engine-deps.ts';
import { modelNotFound, promptTooLong, queueFull, renderVllmFault, vllmError } from './vllm-errors.ts';

/** Embeds every input as one sequence of its own, which ends with its prompt. */
export async function embed(context: SimContext, deps: EngineDeps, body: EmbeddingBody): Promise<Response> {
  const { model = deps.modelName, encoding_format: encoding, dimensions } = body;
  const prompts = embeddingTexts(body).map((text) => promptFrom([text]));
  const signal = disconnectSignal(context);
  const digests = prompts.map(({ digest }) => digest);
  for (const digest of digests) deps.digests.add(digest);
  deps.journal.arrived(digests, context.env.outgoing);
  const rule = deps.faults.take(prompts.map(({ text }) => text).join('\n'));
  const trouble = await playFault(context, rule, { streaming: false, renderError: renderVllmFault, signal });
  if (trouble !== undefined) return trouble;
  if (signal.aborted) return clientGone(context);

  if (model !== deps.modelName) return modelNotFound(context, model);
  if ((dimensions ?? EMBEDDING_DIMENSIONS) !== EMBEDDING_DIMENSIONS) {
    return vllmError(
      context,
      400,
      `Model "${model}" only makes ${EMBEDDING_DIMENSIONS} dimensions.`,
      'dimensions',
    );
  }
  const longest = Math.max(...prompts.map(inputTokens));
  if (longest > deps.maxModelLen) return promptTooLong(context, deps.maxModelLen, longest);
  if (!deps.loop.hasRoomFor(prompts.length)) return queueFull(context);

  const tickets = prompts.flatMap((prompt): Ticket[] => {
    const request = { promptTokens: inputTokens(prompt), outputTokens: 0, finishReason: 'stop' } as const;
    const submitted = deps.loop.submit(request, signal);
    return submitted.ok ? [submitted.value] : [];
  });
  const ends = await Promise.all(tickets.map((ticket) => ticket.ended()));
  if (ends.includes('aborted')) return clientGone(context);
  return context.json(embeddingJson(model, prompts, EMBEDDING_DIMENSIONS, encoding ?? 'float'));
}
