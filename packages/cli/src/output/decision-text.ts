import type { DecisionBody } from '@spillway/contracts';
import { candidatesText } from './candidates-text.ts';
import { formatCount, formatDuration, formatSpan, formatUsd } from './format.ts';
import type { Output } from './output.ts';
import { plainText } from './plain-text.ts';
import { wrap } from './wrap.ts';

type Styler = Output['style'];

const COLUMNS = 100;
const INDENT = 2;
/** `  outcome  `: what stands before the lines about the job. */
const LABELLED = 11;

const COLOUR = { assign: 'green', hold: 'yellow', reject: 'red' } as const satisfies Record<
  DecisionBody['action'],
  string
>;

/**
 * One decision for a person: what was done and why, the job and its place in line, every backend considered, and what
 * came of it. Lines of at most 100 columns, where names are of ordinary length.
 */
export function decisionText(decision: DecisionBody, style: Styler): string {
  const labelled = (label: string, text: string): string =>
    `  ${style('dim', label.padEnd(LABELLED - 4))}  ` +
    wrap(text, COLUMNS - LABELLED, 0).replaceAll('\n', `\n${' '.repeat(LABELLED)}`);
  const outcome = outcomeText(decision);
  return [
    headline(decision, style),
    labelled('job', jobText(decision)),
    labelled('line', lineText(decision)),
    ...(outcome === undefined ? [] : [labelled('outcome', outcome)]),
    ...(decision.candidates.length === 0 ? [] : [candidatesText(decision, style)]),
  ].join('\n');
}

function headline({ at, action, backend, trigger, why }: DecisionBody, style: Styler): string {
  const to = backend === null ? '' : ` to ${plainText(backend)}`;
  const by = trigger === null ? '' : ` (${trigger})`;
  return wrap(
    `${style('dim', at)} ${style(COLOUR[action], action)}${to}${by}: ${plainText(why)}`,
    COLUMNS,
    INDENT,
  );
}

function jobText({ features }: DecisionBody): string {
  const task = features.task === '*' ? '' : ` (task ${plainText(features.task)})`;
  return (
    `${plainText(features.model)}${task}, about ${formatCount(features.input_tokens)} tokens in and ` +
    `${formatCount(features.output_p50)} out, at most ${formatCount(features.output_tokens)}; ` +
    `strategy ${features.strategy}${features.pinned ? ', pinned to local' : ''}`
  );
}

function lineText({ order, queue, local_finish_in_ms: localMs }: DecisionBody): string {
  const parts = [
    `number ${order.rank} of ${formatCount(queue.depth)} (${order.class}, ${plainText(order.tenant)})`,
    `waited ${formatDuration(order.waited_ms)}`,
    `deadline in ${formatSpan(order.deadline_in_ms)}`,
  ];
  if (order.promoted) parts.push(`competes as ${order.competes_as}, because little of its time is left`);
  if (order.aged) parts.push('has waited longer than the bound of its class');
  if (queue.overflowing) parts.push('the queue is overflowing');
  if (localMs !== null) parts.push(`local hardware would have it ready in ${formatSpan(localMs)}`);
  return parts.join('; ');
}

function outcomeText({ outcome, counterfactual, action }: DecisionBody): string | undefined {
  if (outcome === null) {
    if (action !== 'assign' || counterfactual === null) return undefined;
    return `not over yet; the cheapest cloud would cost about ${formatUsd(counterfactual.cloud_usd)}`;
  }
  const parts = [`finished ${outcome.finished_at}${errorText(outcome.prediction_error_ms)}`];
  if (outcome.cost_usd !== null) parts.push(`cost ${formatUsd(outcome.cost_usd)}`);
  if (outcome.counterfactual_usd !== null) {
    parts.push(`the cheapest cloud would have cost ${formatUsd(outcome.counterfactual_usd)}`);
  }
  if (outcome.saved_usd !== null && outcome.saved_usd > 0)
    parts.push(`saved ${formatUsd(outcome.saved_usd)}`);
  if (outcome.output_error_tokens !== null) parts.push(lengthText(outcome.output_error_tokens));
  return parts.join('; ');
}

function errorText(errorMs: number | null): string {
  if (errorMs === null) return '';
  return `, ${formatDuration(Math.abs(errorMs))} ${errorMs < 0 ? 'earlier' : 'later'} than predicted`;
}

function lengthText(errorTokens: number): string {
  if (errorTokens === 0) return 'the answer was as long as predicted';
  const direction = errorTokens < 0 ? 'shorter' : 'longer';
  return `the answer was ${formatCount(Math.abs(errorTokens))} tokens ${direction} than predicted`;
}
