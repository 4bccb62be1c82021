/** The end of an exhaustive switch: it does not compile while a case is missing. */
export function assertNever(unexpected: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(unexpected)}`);
}
