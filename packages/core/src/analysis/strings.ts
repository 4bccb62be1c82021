/** Every string inside a JSON value, the names of its fields included: linear, and no depth makes it recurse. */
export function* strings(root: unknown): Generator<string, void, undefined> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') yield value;
    else if (Array.isArray(value)) for (const item of value as readonly unknown[]) waiting.push(item);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, field] of Object.entries(value)) waiting.push(name, field);
    }
  }
}
