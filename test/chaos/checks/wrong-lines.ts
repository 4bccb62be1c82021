import { hasBatchEnded } from '@spillway/core';
import type { BatchFacts, FinalBatch } from '../history/batch-facts.ts';
import type { LineResult } from '../history/batch-results.ts';
import type { Check } from './violation.ts';

/**
 * Every line of an input stands in one of the two result files, once; the counts are those of the files, and never fall;
 * what was cancelled or expired, or refused by the engine, says so.
 */
export const wrongLines: Check = ({ batches }) =>
  batches.flatMap((facts) =>
    [
      ...fallingCounts(facts),
      ...facts.finals
        .filter(({ batch }) => hasBatchEnded(batch.status))
        .flatMap((final) => [
          ...notOnce(facts, final),
          ...wrongCounts(final),
          ...final.results.output.flatMap((line) => wrongAnswer(line)),
          ...final.results.errors.flatMap((line) => wrongError(facts, final, line)),
        ]),
    ].map((detail) => ({ figure: 'wrong_lines', key: facts.plan.key, detail }) as const),
  );

function notOnce({ plan }: BatchFacts, { batch, results }: FinalBatch): readonly string[] {
  const wanted = batch.status === 'failed' ? [] : plan.lines.map(({ customId }) => customId);
  const told = Map.groupBy([...results.output, ...results.errors], ({ customId }) => customId);
  return [
    ...wanted.filter((id) => !told.has(id)).map((id) => `${id} is in no result file`),
    ...[...told]
      .filter(([, lines]) => lines.length > 1)
      .map(([id, lines]) => `${id} is there ${lines.length} times`),
    ...[...told.keys()].filter((id) => !wanted.includes(id)).map((id) => `${id} is no line of the input`),
  ];
}

function wrongCounts({ batch, results: { output, errors } }: FinalBatch): readonly string[] {
  const { total, completed, failed } = batch.request_counts;
  const counted = `${completed} completed and ${failed} failed of ${total}`;
  const isRight =
    completed === output.length &&
    failed === errors.length &&
    (batch.status === 'failed' || total === completed + failed);
  return isRight
    ? []
    : [`${counted} were counted, where the files have ${output.length} and ${errors.length}`];
}

const wrongAnswer = ({ customId, statusCode, errorCode }: LineResult): readonly string[] =>
  statusCode === 200 && errorCode === undefined
    ? []
    : [`${customId} is in the output file with ${statusCode ?? errorCode}`];

function wrongError(
  { plan }: BatchFacts,
  { batch }: FinalBatch,
  { customId, statusCode, errorCode }: LineResult,
): readonly string[] {
  const told = statusCode ?? errorCode;
  const refused = plan.lines.find((line) => line.customId === customId)?.refused === true;
  const isWrong =
    (errorCode === 'batch_cancelled' && batch.status !== 'cancelled') ||
    (errorCode === 'batch_expired' && batch.status !== 'expired') ||
    (statusCode === 400 && !refused) ||
    (statusCode !== undefined && statusCode < 400) ||
    told === undefined;
  return isWrong ? [`${customId} is in the error file of a ${batch.status} batch with ${told}`] : [];
}

function fallingCounts({ sightings }: BatchFacts): readonly string[] {
  const counts = sightings.map(({ batch }) => batch.request_counts);
  return counts
    .filter(({ completed, failed }, index) => {
      const before = counts[index - 1];
      return before !== undefined && (completed < before.completed || failed < before.failed);
    })
    .slice(0, 1)
    .map(({ completed, failed }) => `its counts fell to ${completed} completed and ${failed} failed`);
}
