import type { Sequence } from './engine.ts';

/**
 * How many steps a batch that only decodes can do until one of its sequences ends or the KV cache is full, the step
 * whose blocks it holds already included. All of them generate in each step, so as many steps
 * as a block has tokens take one block of every sequence: the number follows from the free blocks without doing the steps.
 */
export function decodeSteps(running: readonly Sequence[], freeBlocks: number, blockTokens: number): number {
  let untilEnd = Number.POSITIVE_INFINITY;
  const slackCounts = new Int32Array(blockTokens);
  for (const { outputTokens, generated, blocks, computed } of running) {
    untilEnd = Math.min(untilEnd, outputTokens - generated);
    const slack = blocks * blockTokens - (computed + 1);
    slackCounts[slack] = (slackCounts[slack] ?? 0) + 1;
  }
  const rounds = Math.floor(freeBlocks / running.length);
  if (rounds * blockTokens >= untilEnd) return Math.max(1, untilEnd);
  let left = freeBlocks - rounds * running.length;
  let steps = 1 + rounds * blockTokens;
  for (let slack = 0; slack < blockTokens; slack += 1) {
    left -= slackCounts[slack] ?? 0;
    if (left < 0) break;
    steps += 1;
  }
  return Math.max(1, Math.min(untilEnd, steps));
}
