import type { CandidateBody, DecisionBody } from '@spillway/contracts';
import { formatCount, formatSpan, formatUsd } from './format.ts';
import type { Output } from './output.ts';
import { plainText } from './plain-text.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

type Styler = Output['style'];

const COLUMNS = 100;
/** What stands beside a name on its line: indent, arrow, place and the spaces between. */
const BESIDE_NAME = 13;

const HEAD = ['', 'where', 'verdict', 'finish in', 'queue', 'prefill', 'decode', 'cached', 'cost'];

/** The backends of a decision: where it went first, then the others by score, then those that could not have it. */
export function candidatesText(decision: DecisionBody, style: Styler): string {
  const sorted = decision.candidates.toSorted(
    (a, b) =>
      Number(isChosen(b, decision)) - Number(isChosen(a, decision)) || (b.score ?? -1) - (a.score ?? -1),
  );
  const areScored = sorted.some(({ score }) => score !== null);
  const head = HEAD.map((title) => style('dim', title));
  const rows = sorted.flatMap((candidate) => candidateRows(candidate, decision, style));
  return table(areScored ? [head, ...rows] : rows).replaceAll(/^/gm, '  ');
}

function candidateRows(
  candidate: CandidateBody,
  decision: DecisionBody,
  style: Styler,
): readonly (readonly string[])[] {
  const name = `${isChosen(candidate, decision) ? '→' : ' '} ${plainText(candidate.backend)}`;
  if (candidate.refused_by !== null) {
    const because = candidate.because === null ? '' : `: ${plainText(candidate.because)}`;
    const refusal = `${plainText(candidate.refused_by)}${because}`;
    const before = BESIDE_NAME + Math.max(...decision.candidates.map(({ backend }) => backend.length));
    return wrap(refusal, COLUMNS - before, 0)
      .split('\n')
      .map((line, index) =>
        index === 0
          ? [style('dim', name), style('dim', candidate.location), style('dim', line)]
          : ['', '', style('dim', line)],
      );
  }
  const { parts, score } = candidate;
  const verdict = `${isChosen(candidate, decision) ? 'chosen' : 'score'} ${(score ?? 0).toFixed(2)}`;
  const components = Object.entries(candidate.components ?? {}).map(
    ([scorer, value]) => `${plainText(scorer)} ${value.toFixed(2)}`,
  );
  return [
    [
      isChosen(candidate, decision) ? style('green', name) : name,
      candidate.location,
      verdict,
      lengthText(candidate.finish_in_ms),
      lengthText(parts?.queue_ms),
      lengthText(parts?.prefill_ms),
      lengthText(parts?.decode_ms),
      formatCount(candidate.cached_tokens ?? 0),
      candidate.cost_usd === null ? '?' : formatUsd(candidate.cost_usd),
    ],
    ['', '', style('dim', components.join('  '))],
  ];
}

const isChosen = ({ backend }: CandidateBody, decision: DecisionBody): boolean =>
  decision.action === 'assign' && backend === decision.backend;

const lengthText = (ms: number | null | undefined): string => (typeof ms === 'number' ? formatSpan(ms) : '?');
