import type { Check } from './violation.ts';

/** The text of a pinned line never reaches the cloud, by the cloud's own journal. */
export const leakedLines: Check = ({ batches, cloud }) => {
  const seen = new Set(cloud.flatMap(({ digests }) => digests));
  return batches.flatMap(({ plan }) =>
    plan.lines
      .filter(({ localOnly, digest }) => localOnly && seen.has(digest))
      .map(({ customId }) => ({
        figure: 'leaked' as const,
        key: plan.key,
        detail: `the pinned ${customId} reached the cloud`,
      })),
  );
};
