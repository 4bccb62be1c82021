/** Documents of one batch: what the platform takes by default is more, and small batches waste less when they fail. */
export const MAX_BATCH_DOCUMENTS = 100;
export const MAX_BATCH_BYTES = 16_000_000;
