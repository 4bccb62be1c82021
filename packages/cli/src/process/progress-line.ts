import { formatCount, formatDuration } from '../output/format.ts';

export interface ProgressView {
  readonly total: number;
  /** Documents that have an outcome. */
  readonly done: number;
  readonly failed: number;
  readonly local: number;
  readonly cloud: number;
  /** Outcomes per second lately; `undefined` until there is something to measure. */
  readonly perSecond: number | undefined;
  readonly trouble: string | undefined;
}

const BAR = 24;

/** Where a run stands, on one line; with a bar for a terminal of `columns`. */
export function progressLine(view: ProgressView, columns: number | undefined): string {
  const { total, done, failed, local, cloud, perSecond, trouble } = view;
  const share = total === 0 ? 1 : done / total;
  const parts = [`${formatCount(done)}/${formatCount(total)} (${Math.floor(share * 100)} %)`];
  if (perSecond !== undefined && perSecond > 0) {
    parts.push(`${rateText(perSecond)}, ${formatDuration(((total - done) / perSecond) * 1000)} left`);
  }
  parts.push(`local ${formatCount(local)}, cloud ${formatCount(cloud)}`, `failed ${formatCount(failed)}`);
  if (trouble !== undefined) parts.push(trouble);
  const text = parts.join(' · ');
  if (columns === undefined) return text;
  const filled = Math.round(share * BAR);
  const line = `[${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}] ${text}`;
  // a longer line would wrap, and a wrapped line cannot be drawn over
  return line.length < columns ? line : text.slice(0, Math.max(1, columns - 1));
}

const rateText = (perSecond: number): string =>
  perSecond >= 1 ? `${perSecond.toFixed(1)}/s` : `${(perSecond * 60).toFixed(1)}/min`;
