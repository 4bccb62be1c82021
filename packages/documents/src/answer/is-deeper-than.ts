/** Whether objects and arrays nest deeper than so many levels; walks by a list of its own, so that no stack runs out. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  let layer = [value].filter(isContainer);
  for (let depth = 0; depth < levels && layer.length > 0; depth += 1) {
    layer = layer.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return layer.length > 0;
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
