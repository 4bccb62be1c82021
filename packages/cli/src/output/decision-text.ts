import type { DecisionBody } from '@spillway/contracts';
import { formatCount, formatDuration } from './format.ts';
import type { Output } from './output.ts';
import { plainText } from './plain-text.ts';
import { table } from './table.ts';

type Styler = Output['style'];
type Candidate = DecisionBody['candidates'][number];

const COLOUR = { assign: 'green', hold: 'yellow', reject: 'red' } as const satisfies Record<
  DecisionBody['action'],
  string
>;

/** One decision for a person: what was done and why, the job's place in line, and every backend considered. */
export function decisionText(decision: DecisionBody, style: Styler): string {
  const { order, features, queue } = decision;
  const to = decision.backend === null ? '' : ` to ${plainText(decision.backend)}`;
  const by = decision.trigger === null ? '' : ` (${decision.trigger})`;
  const lines = [
    `${style('dim', decision.at)} ${style(COLOUR[decision.action], decision.action)}${to}${by}: ${plainText(decision.why)}`,
    `  job    ${plainText(features.model)}, about ${formatCount(features.input_tokens)} tokens in and ` +
      `${formatCount(features.output_tokens)} out${features.pinned ? ', pinned to local' : ''}`,
    `  line   number ${order.rank} of ${queue.depth} (${plainText(order.class)}, ${plainText(order.tenant)}), waited ` +
      `${formatDuration(order.waited_ms)}, deadline in ${deadlineText(order.deadline_in_ms)}` +
      (queue.overflowing ? '; the queue is overflowing' : ''),
  ];
  if (decision.candidates.length > 0) {
    const rows = decision.candidates.map((candidate) => candidateRow(candidate, decision, style));
    lines.push(table(rows).replaceAll(/^/gm, '  '));
  }
  return lines.join('\n');
}

function candidateRow(candidate: Candidate, decision: DecisionBody, style: Styler): readonly string[] {
  const isChosen = decision.action === 'assign' && candidate.backend === decision.backend;
  const name = `${isChosen ? '→' : ' '} ${plainText(candidate.backend)}`;
  if (candidate.refused_by !== null) {
    const because = candidate.because === null ? '' : `: ${plainText(candidate.because)}`;
    return [
      style('dim', name),
      candidate.location,
      '',
      style('dim', `${plainText(candidate.refused_by)}${because}`),
    ];
  }
  const parts = Object.entries(candidate.components ?? {}).map(
    ([scorer, score]) => `${plainText(scorer)} ${score.toFixed(2)}`,
  );
  return [
    isChosen ? style('green', name) : name,
    candidate.location,
    candidate.score === null ? '' : candidate.score.toFixed(2),
    parts.join(', '),
  ];
}

const deadlineText = (ms: number): string => (ms < 0 ? `-${formatDuration(-ms)}` : formatDuration(ms));
