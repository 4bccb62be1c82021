import type { DocumentResult } from '@spillway/contracts';
import type { CliContext } from '../context.ts';
import type { Output } from '../output/output.ts';
import { progressLine } from './progress-line.ts';

export interface Progress extends Disposable {
  /** Documents that an earlier run finished: they count as done, not towards the rate. */
  skip(): void;
  add(results: readonly DocumentResult[]): void;
  trouble(what: string | undefined): void;
  /** Outcomes of this run. */
  readonly added: () => number;
}

const REDRAW_MS = 200;
const PLAIN_MS = 5000;
const WINDOW_MS = 60_000;

/** Shows how far a run is, on stderr: one line drawn over and over on a terminal, else a line every five seconds. */
export function createProgress(context: CliContext, output: Output, total: number): Progress {
  const { stderr, nowMs } = context;
  const isTerminal = output.talkative && stderr.isTTY === true;
  const counts = { skipped: 0, added: 0, failed: 0, local: 0, cloud: 0 };
  let trouble: string | undefined;
  let shown = '';
  let marks: { readonly atMs: number; readonly added: number }[] = [{ atMs: nowMs(), added: 0 }];

  const perSecond = (): number | undefined => {
    const atMs = nowMs();
    marks = marks.filter((mark, index) => index === marks.length - 1 || atMs - mark.atMs <= WINDOW_MS);
    const [first] = marks;
    marks.push({ atMs, added: counts.added });
    const ms = first === undefined ? 0 : atMs - first.atMs;
    return first === undefined || ms < 1000 ? undefined : ((counts.added - first.added) * 1000) / ms;
  };
  const show = (): void => {
    const { skipped, added, failed, local, cloud } = counts;
    const view = { total, done: skipped + added, failed, local, cloud, perSecond: perSecond(), trouble };
    const line = progressLine(view, isTerminal ? (stderr.columns ?? 80) : undefined);
    if (line === shown) return;
    shown = line;
    stderr.write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
  };
  const timer = output.talkative ? setInterval(show, isTerminal ? REDRAW_MS : PLAIN_MS) : undefined;

  return {
    skip: () => {
      counts.skipped += 1;
    },
    add: (results) => {
      counts.added += results.length;
      for (const { status, served_by: by } of results) {
        if (status !== 'completed') counts.failed += 1;
        if (by !== null) counts[by.location] += 1;
      }
    },
    trouble: (what) => {
      trouble = what;
      if (output.talkative) show();
    },
    added: () => counts.added,
    [Symbol.dispose]: () => {
      clearInterval(timer);
      if (!output.talkative) return;
      show();
      if (isTerminal) stderr.write('\n');
    },
  };
}
