/** What was assumed of a backend where nobody said: a sentence without its subject. */
export interface BackendAssumption {
  readonly id: string;
  readonly text: string;
}

/** Backends that are named one by one; of more, the first and the last are, and how many they are. */
const NAMED = 3;

/** A line for each thing that was assumed, with all the backends it was assumed of. */
export function assumedOfBackends(assumptions: readonly BackendAssumption[]): readonly string[] {
  const byText = Map.groupBy(assumptions, ({ text }) => text);
  return [...byText].map(([text, same]) => {
    const ids = same.map(({ id }) => id);
    if (ids.length === 1) return `${ids.join('')} ${text}`;
    if (ids.length <= NAMED) return `${ids.join(', ')}: each ${text}`;
    return `${ids.at(0)} … ${ids.at(-1)} (${ids.length} backends): each ${text}`;
  });
}
