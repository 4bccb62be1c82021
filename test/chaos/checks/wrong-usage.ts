import { hasBatchEnded } from '@spillway/core';
import type { FinalBatch } from '../history/batch-facts.ts';
import type { Check } from './violation.ts';

/** The usage of a batch is the sum over the lines of its output file. */
export const wrongUsage: Check = ({ batches }) =>
  batches.flatMap(({ plan, finals }) =>
    finals
      .filter(({ batch }) => hasBatchEnded(batch.status))
      .flatMap(wrong)
      .map((detail) => ({ figure: 'wrong_lines', key: plan.key, detail }) as const),
  );

function wrong({ batch, results: { output } }: FinalBatch): readonly string[] {
  const input = output.reduce((sum, line) => sum + line.inputTokens, 0);
  const answered = output.reduce((sum, line) => sum + line.outputTokens, 0);
  const { input_tokens: toldInput, output_tokens: toldOutput, total_tokens: total } = batch.usage;
  return toldInput === input && toldOutput === answered && total === input + answered
    ? []
    : [`${batch.id} used ${toldInput} + ${toldOutput} = ${total} tokens, its lines ${input} + ${answered}`];
}
