/** One thing wrong with the configuration, where it stands and what would be right; never a value. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** All mistakes as lines for people, in the form zod prints its own. */
export const listMistakes = (mistakes: readonly Mistake[]): string =>
  mistakes
    .map(
      ({ path, message }) =>
        `✖ ${message}${path.length === 0 ? '' : `\n  → at ${path.map(String).join('.')}`}`,
    )
    .join('\n');
