import { arrivalsByDigest } from './arrivals.ts';
import { breaksOff } from './breaks-off.ts';
import type { Check } from './violation.ts';

/** A line reaches an engine or the cloud once, unless a fault broke it off between one time and the next. */
export const repeatedLines: Check = ({ batches, engine, cloud, faults }) => {
  const arrivals = arrivalsByDigest([...engine, ...cloud]);
  return batches.flatMap(({ plan }) =>
    plan.lines.flatMap(({ customId, digest }) => {
      const times = arrivals.get(digest) ?? [];
      const unasked = times.filter((atMs, index) => {
        const beforeMs = times[index - 1];
        return beforeMs !== undefined && !breaksOff(faults, beforeMs, atMs);
      });
      return unasked.slice(0, 1).map((atMs) => ({
        figure: 'doubled' as const,
        key: plan.key,
        detail: `${customId} was sent again at ${new Date(atMs).toISOString()}, and no fault had broken it off`,
      }));
    }),
  );
};
