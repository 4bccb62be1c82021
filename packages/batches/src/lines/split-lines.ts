/** One line as it stands in its file, without line end and byte order mark. */
export interface Line {
  /** A view, valid as long as anybody likes. Empty for a line that is too long. */
  readonly bytes: Buffer;
  readonly tooLong: boolean;
  /** Where it begins, and where the next one does, in bytes from the beginning of the source. */
  readonly start: number;
  readonly next: number;
}

/**
 * The lines of a file, all that a chunk completes at a time: `\n` or `\r\n` ends a line, the last one needs no end. Of a
 * line of more than `mostLineBytes` nothing is kept but where it stood.
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  mostLineBytes: number,
): AsyncGenerator<readonly Line[], void, undefined> {
  const line = new LineInProgress(mostLineBytes);
  let offset = 0;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      lines.push(line.end(bytes.subarray(from, end), offset + end + 1));
      from = end + 1;
    }
    line.add(bytes.subarray(from));
    offset += bytes.length;
    if (lines.length > 0) yield lines;
  }
  if (!line.isEmpty) yield [line.end(Buffer.alloc(0), offset)];
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** A line end and a byte order mark do not count as the line's. */
const BESIDE = 1 + BYTE_ORDER_MARK.length;

/** The line that no chunk has ended yet: what was seen of it, as long as it may still be short enough. */
class LineInProgress {
  readonly #mostBytes: number;
  #start = 0;
  #parts: Buffer[] = [];
  #seen = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get isEmpty(): boolean {
    return this.#seen === 0 || (this.#seen === BYTE_ORDER_MARK.length && this.#startsWithMark(this.#whole()));
  }

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#seen += bytes.length;
    if (this.#seen > this.#mostBytes + BESIDE) this.#parts = [];
    else this.#parts.push(bytes);
  }

  end(last: Buffer, next: number): Line {
    this.add(last);
    const seenWhole = this.#seen <= this.#mostBytes + BESIDE;
    let bytes = this.#whole();
    let start = this.#start;
    if (this.#startsWithMark(bytes)) {
      bytes = bytes.subarray(BYTE_ORDER_MARK.length);
      start += BYTE_ORDER_MARK.length;
    }
    if (bytes.at(-1) === RETURN) bytes = bytes.subarray(0, -1);
    this.#start = next;
    this.#parts = [];
    this.#seen = 0;
    const tooLong = !seenWhole || bytes.length > this.#mostBytes;
    return { bytes: tooLong ? Buffer.alloc(0) : bytes, tooLong, start, next };
  }

  #whole(): Buffer {
    const [only, ...others] = this.#parts;
    return only === undefined || others.length > 0 ? Buffer.concat(this.#parts) : only;
  }

  #startsWithMark(bytes: Buffer): boolean {
    return this.#start === 0 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  }
}
