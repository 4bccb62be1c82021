/** An answer of 100,000 tokens is about 0.5 MB; this leaves room for any alphabet and JSON's escapes. */
const MAX_LINE_CHARS = 8_388_608;

/**
 * The lines of a UTF-8 stream; what stands behind its last line end is left out, as it may be cut off. Only \n ends a
 * line: U+2028 and U+2029, at which node:readline splits too, may stand in a JSON string as they are.
 */
export async function* readLineStream(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield [...parts, piece].join('');
      parts = [];
      length = 0;
    }
    length += rest.length;
    if (length > MAX_LINE_CHARS) throw new Error(`a line is longer than ${MAX_LINE_CHARS} characters`);
    parts.push(rest);
  }
}
