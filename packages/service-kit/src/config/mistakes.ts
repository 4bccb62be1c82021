/** One thing wrong with the configuration, where it stands and what would be right; never a value. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** All mistakes as lines for people, each once, in the form zod prints its own. */
export function listMistakes(mistakes: readonly Mistake[]): string {
  const listed = mistakes.map(
    ({ path, message }) => `✖ ${message}${path.length === 0 ? '' : `\n  → at ${path.map(String).join('.')}`}`,
  );
  // The YAML reader tells some of its mistakes twice.
  return [...new Set(listed)].join('\n');
}
