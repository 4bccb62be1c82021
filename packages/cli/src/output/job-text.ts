import type { JobBody } from '@spillway/contracts';
import { isJsonObject } from '@spillway/core';
import { formatCount, formatDuration, formatUsd } from './format.ts';
import type { Output } from './output.ts';
import { plainText } from './plain-text.ts';
import { table } from './table.ts';

type Styler = Output['style'];

const COLOUR = {
  queued: 'yellow',
  running: 'cyan',
  completed: 'green',
  failed: 'red',
  cancelled: 'gray',
  expired: 'red',
} as const satisfies Record<JobBody['status'], string>;

export const statusText = ({ status }: Pick<JobBody, 'status'>, style: Styler): string =>
  style(COLOUR[status], status);

/** A job for a person: what it is, where it stands, what it cost. */
export function jobText(job: JobBody, style: Styler): string {
  const rows: (readonly [string, string])[] = [
    ['job', job.id],
    ['status', `${statusText(job, style)}${positionText(job)}`],
    ['model', `${plainText(job.model)} (${job.class})`],
    ['created', job.created_at],
  ];
  if (job.privacy.pinned) rows.push(['privacy', `pinned to local${findingsText(job)}`]);
  if (job.started_at !== null) rows.push(['started', job.started_at]);
  if (job.finished_at !== null) rows.push(['finished', `${job.finished_at} (${lifeText(job)})`]);
  else rows.push(['deadline', job.deadline_at]);
  if (job.estimated_finish_at !== null) rows.push(['estimate', `ready at about ${job.estimated_finish_at}`]);
  if (job.served_by !== null) rows.push(['served by', servedByText(job.served_by)]);
  if (job.usage !== null) rows.push(['usage', usageText(job.usage)]);
  if (job.attempts.length > 1) rows.push(['attempts', String(job.attempts.length)]);
  if (job.error !== null)
    rows.push(['error', `${plainText(job.error.detail)} [${plainText(job.error.code)}]`]);
  return table(rows.map(([name, value]) => [style('dim', name), value]));
}

/** One line about a job that has ended, for stderr beside its answer. */
export function endText(job: JobBody, style: Styler): string {
  const parts = [`${job.id} ${statusText(job, style)} in ${lifeText(job)}`];
  if (job.served_by !== null) parts.push(servedByText(job.served_by));
  if (job.usage !== null) parts.push(usageText(job.usage));
  if (job.error !== null) parts.push(`${plainText(job.error.detail)} [${plainText(job.error.code)}]`);
  return parts.join(' · ');
}

/** The text a model answered with, where the answer has the shape of chat or completions; else its JSON. */
export function answerText(job: JobBody): string {
  if (job.result === null) return '';
  const { choices } = job.result.body as { readonly choices?: unknown };
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (isJsonObject(first)) {
    const { message, text } = first as { readonly message?: unknown; readonly text?: unknown };
    if (typeof text === 'string') return text;
    const content = isJsonObject(message) ? message['content'] : undefined;
    if (typeof content === 'string') return content;
  }
  return JSON.stringify(job.result.body, undefined, 2);
}

export const servedByText = (by: NonNullable<JobBody['served_by']>): string =>
  `${plainText(by.model)} on ${plainText(by.backend)} (${by.location}${by.simulated ? ', simulated' : ''})`;

const usageText = (usage: NonNullable<JobBody['usage']>): string =>
  `${formatCount(usage.input_tokens)} tokens in, ${formatCount(usage.output_tokens)} out, ${formatUsd(usage.cost_usd)}`;

const positionText = ({ status, queue_position: position }: JobBody): string =>
  status === 'queued' && position !== null ? `, number ${formatCount(position)} in line` : '';

const findingsText = ({ privacy }: JobBody): string =>
  privacy.findings.length > 0 ? `: found ${plainText(privacy.findings.join(', '))}` : '';

const lifeText = (job: JobBody): string =>
  formatDuration(Date.parse(job.finished_at ?? job.created_at) - Date.parse(job.created_at));
