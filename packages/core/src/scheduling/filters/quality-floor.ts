import { qualityOf } from '../model-quality.ts';
import type { Filter } from './filter.ts';

/** The model the backend would run is good enough for what the client asked. */
export const qualityFloor: Filter<'QUALITY_FLOOR'> = {
  code: 'QUALITY_FLOOR',
  scope: 'job',
  passes: 'not-by-waiting',
  wantOfRoom: false,
  refuses: ({ minQuality }, _backend, { policy, models }, model) => {
    if (minQuality === undefined) return undefined;
    const quality = qualityOf(policy, models, model);
    return quality < minQuality
      ? `${model} has quality ${quality.toFixed(2)}, the job asks for ${minQuality}`
      : undefined;
  },
};
