import type { Check } from './violation.ts';

/** The text of a pinned job never reaches the cloud, by the cloud's own journal. */
export const leaked: Check = ({ jobs, cloud }) => {
  const seen = new Set(cloud.flatMap(({ digests }) => digests));
  return jobs
    .filter(({ plan }) => plan.localOnly && seen.has(plan.digest))
    .map(({ plan }) => ({ figure: 'leaked', key: plan.key, detail: 'a pinned job reached the cloud' }));
};
