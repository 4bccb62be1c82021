import type { Filter } from './filter.ts';

/** The backend serves one of the models the lane's model group names. */
export const servesModel: Filter = {
  code: 'CAPABILITY',
  scope: 'lane',
  refuses: (_job, backend, { models }) =>
    models.some((model) => backend.models.includes(model))
      ? undefined
      : 'serves none of the models asked for',
};
