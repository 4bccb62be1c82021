/** Milliseconds since 1970-01-01T00:00:00Z, by the clock of Redis wherever processes must agree. */
export type EpochMs = number;
