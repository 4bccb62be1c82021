import { qualityOf } from '../policy.ts';
import type { Filter } from './filter.ts';

/** The model the backend would run is good enough for what the client asked. */
export const qualityFloor: Filter = {
  code: 'QUALITY_FLOOR',
  scope: 'job',
  refuses: ({ minQuality = 0 }, _backend, { policy, models }, model) => {
    const quality = qualityOf(policy, models, model);
    return quality < minQuality
      ? `${model} has quality ${quality.toFixed(2)}, the job asks for ${minQuality}`
      : undefined;
  },
};
