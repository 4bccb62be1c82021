/** Buckets for what something took over what a model said of it: around 1, closest where a good model is. */
export const ERROR_RATIOS: readonly number[] = [
  0.25, 0.5, 0.67, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2, 4,
];
