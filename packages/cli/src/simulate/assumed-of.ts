import { JOB_CLASSES } from '@spillway/core';
import { DEFAULT_MIX, type Trace, type TraceShape } from '@spillway/simulation';

/** How a load is made from a trace, one sentence for each thing that the trace does not tell or that was changed. */
export function assumedOf(
  { records }: Trace,
  { load, mix, pinned, tenants }: Pick<TraceShape, 'load' | 'mix' | 'pinned' | 'tenants'>,
): readonly string[] {
  const assumed: string[] = [];
  if (load !== 1) assumed.push(`${load} times the requests per second of the trace`);
  const tellsClasses = records.every(({ jobClass }) => jobClass !== undefined);
  if (mix !== undefined || !tellsClasses) {
    const shares = mix ?? DEFAULT_MIX;
    const parts = JOB_CLASSES.filter((name) => shares[name] > 0).map(
      (name) => `${percent(shares[name])} ${name}`,
    );
    const whose = mix === undefined && records.some(({ jobClass }) => jobClass !== undefined);
    assumed.push(`${whose ? 'of jobs without a class, ' : ''}${parts.join(', ')}`);
  }
  if (pinned !== undefined) assumed.push(`${percent(pinned)} must stay local`);
  else if (records.every((record) => record.pinned === undefined)) assumed.push('nothing must stay local');
  if (tenants !== undefined) assumed.push(`${tenants} tenants, the n-th with 1/n as many jobs as the first`);
  return assumed;
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
