import { formatCount, formatDuration, formatUsd } from '../output/format.ts';

export interface ProgressView {
  readonly total: number;
  /** Documents that have an outcome. */
  readonly done: number;
  readonly failed: number;
  /** Where they ran; left out where that is not known. */
  readonly local?: number;
  readonly cloud?: number;
  /** Outcomes per second lately; `undefined` until there is something to measure. */
  readonly perSecond: number | undefined;
  /** Tokens of answers per second lately. */
  readonly tokensPerSecond?: number | undefined;
  readonly costUsd?: number | undefined;
  /** An estimate better than the rate gives. */
  readonly leftMs?: number | undefined;
  readonly trouble: string | undefined;
}

const WIDEST_BAR = 24;
const NARROWEST_BAR = 8;

/** Where a run stands, on one line; with a bar for a terminal of `columns`, and what does not fit there left out. */
export function progressLine(view: ProgressView, columns: number | undefined): string {
  const { total, done } = view;
  const share = total === 0 ? 1 : done / total;
  const parts = partsOf(view, `${formatCount(done)}/${formatCount(total)} (${Math.floor(share * 100)} %)`);
  if (columns === undefined) return join(parts);
  const bar = barText(share, Math.max(NARROWEST_BAR, Math.min(WIDEST_BAR, Math.floor(columns / 8))));
  for (let shown = parts; shown.length > 0; shown = withoutLeast(shown)) {
    const line = `${bar} ${join(shown)}`;
    // a longer line would wrap, and a wrapped line cannot be drawn over
    if (line.length < columns) return line;
  }
  return join(parts).slice(0, Math.max(1, columns - 1));
}

interface Part {
  readonly text: string;
  /** The higher, the longer it stays when there is no room. */
  readonly worth: number;
}

function partsOf(view: ProgressView, count: string): readonly Part[] {
  const { total, done, failed, local, cloud, perSecond, tokensPerSecond, costUsd, trouble } = view;
  const parts: Part[] = [{ text: count, worth: 9 }];
  if (perSecond !== undefined && perSecond > 0) {
    parts.push({ text: rateText(perSecond), worth: 4 });
    const leftMs = view.leftMs ?? ((total - done) / perSecond) * 1000;
    if (done < total) parts.push({ text: leftText(leftMs), worth: 7 });
  } else if (view.leftMs !== undefined && done < total) {
    parts.push({ text: leftText(view.leftMs), worth: 7 });
  }
  if (local !== undefined && cloud !== undefined) {
    parts.push({ text: `local ${formatCount(local)}, cloud ${formatCount(cloud)}`, worth: 3 });
  }
  if (tokensPerSecond !== undefined && tokensPerSecond >= 1) {
    parts.push({ text: `${formatCount(Math.round(tokensPerSecond))} tokens/s`, worth: 1 });
  }
  if (costUsd !== undefined) parts.push({ text: formatUsd(costUsd), worth: 2 });
  parts.push({ text: `failed ${formatCount(failed)}`, worth: failed > 0 ? 6 : 5 });
  if (trouble !== undefined) parts.push({ text: trouble, worth: 8 });
  return parts;
}

const join = (parts: readonly Part[]): string => parts.map(({ text }) => text).join(' · ');

function withoutLeast(parts: readonly Part[]): readonly Part[] {
  const least = Math.min(...parts.map(({ worth }) => worth));
  return parts.filter(({ worth }) => worth !== least);
}

function barText(share: number, width: number): string {
  const filled = Math.round(share * width);
  return `[${'█'.repeat(filled)}${'░'.repeat(width - filled)}]`;
}

const rateText = (perSecond: number): string =>
  perSecond >= 1 ? `${perSecond.toFixed(1)}/s` : `${(perSecond * 60).toFixed(1)}/min`;

/** Whole seconds: an estimate knows no better. */
const leftText = (ms: number): string =>
  ms < 60_000 ? `${Math.ceil(ms / 1000)} s left` : `${formatDuration(ms)} left`;
