/** Documents of one batch: the platform takes more, but a small batch streams sooner and wastes less when it fails. */
export const MAX_BATCH_DOCUMENTS = 500;
/** Of one batch, in bytes; one batch at a time is in memory, twice while it is sent. */
export const MAX_BATCH_BYTES = 32_000_000;
/** What the platform reads of one document, in bytes. */
export const MAX_DOCUMENT_BYTES = 16_777_216;
export const MAX_SCHEMA_BYTES = 65_536;
