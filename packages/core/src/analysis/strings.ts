/** Every string inside a JSON value, the names of its fields included: linear, and no depth makes it recurse. */
export function strings(root: unknown): readonly string[] {
  const found: string[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') found.push(value);
    else if (Array.isArray(value)) for (const item of value as readonly unknown[]) waiting.push(item);
    else if (typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) {
        found.push(name);
        waiting.push((value as Readonly<Record<string, unknown>>)[name]);
      }
    }
  }
  return found;
}
