import { formatCount, formatUsd, table } from '@spillway/cli/terminal';
import type { DocumentResult } from '@spillway/contracts';

/** What a demo run came to, as `--json` prints it. */
export interface DemoReport {
  readonly engine: { readonly kind: string; readonly url: string; readonly simulated: boolean };
  readonly documents: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
  readonly local: number;
  readonly cloud: number;
  readonly pinned: number;
  readonly tokens: { readonly input: number; readonly output: number };
  readonly cost_usd: number;
  readonly energy_joules: number;
  readonly jobs_per_second: number;
  readonly webhook: { readonly received: boolean; readonly verified: boolean };
  readonly errors: readonly { readonly document: string; readonly code: string }[];
  readonly elapsed_seconds: number;
}

export interface DemoRun {
  readonly engine: DemoReport['engine'];
  readonly results: readonly DocumentResult[];
  readonly webhook: DemoReport['webhook'];
  /** From submission to the last outcome. */
  readonly batchSeconds: number;
  readonly elapsedSeconds: number;
}

export function demoReport({ engine, results, webhook, batchSeconds, elapsedSeconds }: DemoRun): DemoReport {
  const count = (matches: (result: DocumentResult) => boolean): number => results.filter(matches).length;
  const sum = (value: (result: DocumentResult) => number): number =>
    results.reduce((total, result) => total + value(result), 0);
  const completed = count(({ status }) => status === 'completed');
  return {
    engine,
    documents: results.length,
    completed,
    failed: count(({ status }) => status === 'failed'),
    cancelled: count(({ status }) => status === 'cancelled'),
    expired: count(({ status }) => status === 'expired'),
    local: count((result) => result.served_by?.location === 'local'),
    cloud: count((result) => result.served_by?.location === 'cloud'),
    pinned: count(({ why }) => why?.startsWith('pinned') === true),
    tokens: {
      input: sum(({ usage }) => usage?.input_tokens ?? 0),
      output: sum(({ usage }) => usage?.output_tokens ?? 0),
    },
    cost_usd: rounded(
      sum(({ usage }) => usage?.cost_usd ?? 0),
      6,
    ),
    energy_joules: rounded(
      sum(({ usage }) => usage?.energy_joules ?? 0),
      1,
    ),
    jobs_per_second: rounded(completed / batchSeconds, 2),
    webhook,
    errors: results.flatMap(({ document, error }) =>
      error === null ? [] : [{ document, code: error.code }],
    ),
    elapsed_seconds: rounded(elapsedSeconds, 1),
  };
}

/** A line a document. */
export function resultsTable(results: readonly DocumentResult[]): string {
  return table([
    ['document', 'status', 'ran on', 'why', 'tokens in/out', 'seconds'],
    ...results.map((result) => [
      result.document,
      result.status,
      result.served_by === null ? '-' : `${result.served_by.location} (${result.served_by.backend})`,
      result.why ?? result.error?.code ?? '',
      result.usage === null
        ? '-'
        : `${formatCount(result.usage.input_tokens)} / ${result.usage.output_tokens}`,
      result.seconds === null ? '-' : result.seconds.toFixed(1),
    ]),
  ]);
}

export function summaryLines(report: DemoReport): string {
  const { webhook, engine } = report;
  const simulated = engine.simulated ? ', figures of a SIMULATED engine and cloud' : ', cloud SIMULATED';
  const share = report.completed === 0 ? 0 : Math.round((100 * report.local) / report.completed);
  return table([
    ['documents', `${report.documents}: ${report.completed} completed, ${report.failed} that cannot be read`],
    [
      'where',
      `${report.local} local (${share} %), ${report.cloud} cloud; ${report.pinned} pinned to local by personal data`,
    ],
    ['speed', `${report.jobs_per_second} jobs/s${simulated}`],
    ['tokens', `${formatCount(report.tokens.input)} in, ${formatCount(report.tokens.output)} out`],
    ['cost', `${formatUsd(report.cost_usd)} (cloud by its price, local by its electricity)`],
    ['energy', `${report.energy_joules} J on the local GPU, as reported`],
    [
      'webhook',
      webhook.received ? `received, signature ${webhook.verified ? 'verified' : 'WRONG'}` : 'NOT RECEIVED',
    ],
  ]);
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
