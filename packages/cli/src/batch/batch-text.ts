import type { BatchObject } from '@spillway/contracts';
import { formatCount, formatDuration } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { plainText } from '../output/plain-text.ts';
import { table } from '../output/table.ts';

const COLOUR = {
  validating: 'yellow',
  in_progress: 'cyan',
  finalizing: 'cyan',
  cancelling: 'yellow',
  completed: 'green',
  failed: 'red',
  expired: 'red',
  cancelled: 'gray',
} as const satisfies Record<BatchObject['status'], string>;

const MAX_ERRORS = 10;

export const batchStatusText = ({ status, paused }: BatchObject, style: Output['style']): string =>
  style(COLOUR[status], status) + (paused ? ', paused' : '');

/** A batch for a person: where it stands, what it counted, which files it has, why it was refused. */
export function batchText(batch: BatchObject, style: Output['style']): string {
  const { total, completed, failed } = batch.request_counts;
  const rows: (readonly [string, string])[] = [
    ['batch', batch.id],
    ['status', batchStatusText(batch, style)],
    ['endpoint', batch.endpoint + (batch.model === null ? '' : `, ${plainText(batch.model)}`)],
    ['lines', `${formatCount(completed)} of ${formatCount(total)} completed, ${formatCount(failed)} failed`],
    ['tokens', tokensText(batch)],
    ['created', instant(batch.created_at)],
    ['expires', instant(batch.expires_at)],
  ];
  const endedAt = endOf(batch);
  if (endedAt !== null) rows.push(['ended', `${instant(endedAt)} (${lifeText(batch, endedAt)})`]);
  else if (batch.estimated_finish_at !== null) rows.push(['finish', instant(batch.estimated_finish_at)]);
  if (batch.output_file_id !== null) rows.push(['output', batch.output_file_id]);
  if (batch.error_file_id !== null) rows.push(['errors', batch.error_file_id]);
  if (batch.retry_of !== null) rows.push(['retry of', batch.retry_of]);
  return [table(rows.map(([name, value]) => [style('dim', name), value])), ...mistakes(batch, style)].join(
    '\n',
  );
}

function mistakes({ errors }: BatchObject, style: Output['style']): readonly string[] {
  const found = errors?.data ?? [];
  const shown = found.slice(0, MAX_ERRORS).map(({ line, message, code }) => {
    const where = line === null ? '' : `line ${formatCount(line)}: `;
    return `${style('red', '✗')} ${where}${plainText(message)} [${plainText(code)}]`;
  });
  const more = found.length - shown.length;
  return more > 0 ? [...shown, `and ${formatCount(more)} more`] : shown;
}

const tokensText = ({ usage }: BatchObject): string =>
  `${formatCount(usage.input_tokens)} in, ${formatCount(usage.output_tokens)} out`;

const endOf = (batch: BatchObject): number | null =>
  batch.completed_at ?? batch.failed_at ?? batch.expired_at ?? batch.cancelled_at;

const lifeText = ({ created_at: createdAt }: BatchObject, endedAt: number): string =>
  formatDuration((endedAt - createdAt) * 1000);

const instant = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString();
