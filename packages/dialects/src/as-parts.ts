/** Content may be a bare string, or absent, wherever it may be parts of that type. */
export const asParts =
  (type: string) =>
  (content: unknown): unknown => {
    if (content === null || content === undefined) return [];
    return typeof content === 'string' ? [{ type, text: content }] : content;
  };
