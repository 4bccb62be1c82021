import type { DigestLog } from '../../faults/digest-log.ts';
import type { FaultBook } from '../../faults/fault-book.ts';
import type { Journal } from '../../faults/journal.ts';
import { createDelayPace } from '../../engine/delay-pace.ts';
import type { Pace } from '../../engine/pace.ts';
import type { SimContext } from '../sim-context.ts';
import type { PromptCache } from './prompt-cache.ts';
import type { ProviderMeter } from './provider-meter.ts';
import type { RateWindow } from './rate-window.ts';

/** What both faces of a provider server share. */
export interface ProviderDeps {
  readonly meter: ProviderMeter;
  readonly faults: FaultBook;
  readonly digests: DigestLog;
  readonly journal: Journal;
  readonly cache: PromptCache;
  readonly windows: { readonly openai: RateWindow; readonly anthropic: RateWindow };
  /** Real milliseconds, the speed factor already taken out. */
  readonly latency: { readonly firstTokenMs: number; readonly perTokenMs: number };
  readonly seed: number;
  readonly apiKey: string | undefined;
}

/** Counts a request in, until its connection is done with it, and gives it the provider's pace. */
export function beginAnswer(
  context: SimContext,
  deps: ProviderDeps,
  tokens: { readonly prompt: number; readonly answer: number },
  signal: AbortSignal,
): Pace {
  const end = deps.meter.begin(tokens.prompt, tokens.answer);
  const { outgoing } = context.env;
  outgoing.once('close', () => {
    end(outgoing.writableFinished ? 'finished' : 'aborted');
  });
  return createDelayPace({ tokens: tokens.answer, ...deps.latency, signal });
}
