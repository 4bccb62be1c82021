import { describe, expect, test } from 'vitest';
import { digestRandom } from '../answers/digest.ts';
import { BatchingEngine } from './batching.ts';
import { RTX_4090_PROFILE } from './profile.ts';
import { newSequence } from './sequence.ts';

/**
 * Mistral-7B on one RTX 4090 under vLLM, 300 prompts of 256 tokens with at most 128 out, as measured by
 * https://mushfiqrahman.dev/benchmarking-mistral-7b-on-rtx-4090-vllm-concurrency-latency-and-capacity-planning/
 */
const PUBLISHED = [
  { concurrency: 4, requestsPerSecond: 2.09 },
  { concurrency: 8, requestsPerSecond: 3.78 },
  { concurrency: 16, requestsPerSecond: 6.44 },
  { concurrency: 32, requestsPerSecond: 9.73 },
  { concurrency: 48, requestsPerSecond: 11.87 },
];
const PROMPTS = 300;

describe('the default profile', () => {
  test.each(PUBLISHED)(
    'comes within 7 percent of $requestsPerSecond requests/s at concurrency $concurrency',
    ({ concurrency, requestsPerSecond }) => {
      const ours = measure(concurrency);
      expect(Math.abs(ours / requestsPerSecond - 1)).toBeLessThan(0.07);
    },
  );
});

/** A closed loop: as many clients as `concurrency`, each sends its next prompt when it has its answer. */
function measure(concurrency: number): number {
  const engine = new BatchingEngine({
    profile: RTX_4090_PROFILE,
    maxNumSeqs: 256,
    // bf16 weights leave about 41K tokens
    kvCapacityTokens: 41_000,
    speed: 1,
  });
  const random = digestRandom('0123456789ab', 1);
  // the published token counts say 100 tokens per answer: 60 % run into the limit of 128, the rest average 58
  const outputTokens = (): number => (random() < 0.6 ? 128 : 16 + Math.floor(random() * 85));
  let sent = 0;
  let finished = 0;
  while (finished < PROMPTS) {
    while (sent < PROMPTS && sent - finished < concurrency) {
      engine.enqueue(newSequence(256, outputTokens(), engine.nowMs));
      sent += 1;
    }
    finished += engine.advanceTo(engine.stepEndsAtMs ?? engine.nowMs).length;
  }
  return finished / (engine.nowMs / 1_000);
}
