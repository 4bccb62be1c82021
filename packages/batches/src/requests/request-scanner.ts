/** What a piece of a body of message batch requests brought. Nothing is read after a failure. */
export type Scanned =
  /** One element of `requests`, as it was written. */
  | { readonly kind: 'element'; readonly bytes: Buffer }
  | { readonly kind: 'malformed'; readonly detail: string }
  /** The element at this index is longer than allowed. */
  | { readonly kind: 'too-large'; readonly index: number };

/**
 * Cuts `{"requests":[{…},{…}]}` into its elements as it comes in, with one element in memory.
 *
 *     before-object ─{→ before-key ─"→ in-key ─"→ before-colon ─:→ before-array ─[→ before-first
 *     before-first ─{→ in-element;  in-element ─its end→ after-element ─,→ before-next ─{→ in-element
 *     after-element ─]→ after-array ─}→ done
 *
 * Only the frame is parsed here; whether an element is JSON is for who parses it. No streaming JSON parser, because none
 * hands over an element as it was written or bounds one while it comes in, and they make each token in JavaScript: with
 * requests of 1 KB, of the same second of CPU stream-json 3.8 made 30 MB and @streamparser/json 0.0.26 110 MB, and this
 * with the `JSON.parse` of every element 150 MB.
 */
export class RequestScanner {
  readonly #mostElementBytes: number;
  #state: State = 'before-object';
  #elements = 0;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #depth = 0;
  #inString = false;
  /** What was seen of a string ends with a backslash that escapes what comes next. */
  #isEscaped = false;

  constructor(mostElementBytes: number) {
    this.#mostElementBytes = mostElementBytes;
  }

  *push(chunk: Buffer): Generator<Scanned, void, undefined> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'in-element' || this.#state === 'in-key') {
        const end = this.#state === 'in-element' ? this.#findElementEnd(chunk, at) : findKeyEnd(chunk, at);
        this.#keep(chunk.subarray(at, end ?? chunk.length));
        const failure = this.#findOversize();
        if (failure !== undefined) return yield failure;
        if (end === undefined) return;
        at = end;
        if (this.#state === 'in-element') yield this.#endElement();
        else {
          const wrong = this.#endKey();
          if (wrong !== undefined) return yield malformed(wrong);
        }
        continue;
      }
      const byte = chunk[at] ?? SPACE;
      if (!isBlank(byte)) {
        const next = FRAME[this.#state][String.fromCharCode(byte)];
        if (next === undefined) return yield malformed(describe(this.#state, this.#elements));
        this.#enter(next, chunk.subarray(at, at + 1));
      }
      at += 1;
    }
  }

  /** The body has ended: what is missing; undefined when it is whole. */
  end(): string | undefined {
    return this.#state === 'done' ? undefined : 'the body ends before the list of requests does';
  }

  #enter(state: State, opening: Buffer): void {
    this.#state = state;
    if (state !== 'in-element') return;
    this.#keep(opening);
    this.#depth = 1;
    this.#inString = false;
    this.#isEscaped = false;
  }

  #keep(bytes: Buffer): void {
    if (bytes.length > 0) this.#parts.push(bytes);
    // A body that trickles in byte by byte would cost a hundred bytes for each.
    if (this.#parts.length === MOST_PARTS) this.#parts = [Buffer.concat(this.#parts)];
    this.#partBytes += bytes.length;
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
    return bytes;
  }

  #endElement(): Scanned {
    this.#state = 'after-element';
    this.#elements += 1;
    return { kind: 'element', bytes: this.#take() };
  }

  #endKey(): string | undefined {
    this.#state = 'before-colon';
    const key = this.#take().toString('utf8').slice(0, -1);
    return key === 'requests' ? undefined : 'the body: only "requests" is permitted';
  }

  #findOversize(): Scanned | undefined {
    if (this.#state === 'in-key') {
      return this.#partBytes > LONGEST_KEY ? malformed('the body: only "requests" is permitted') : undefined;
    }
    return this.#partBytes > this.#mostElementBytes
      ? { kind: 'too-large', index: this.#elements }
      : undefined;
  }

  /** Where the bytes after the element begin; undefined when it goes on in the next chunk. */
  #findElementEnd(chunk: Buffer, from: number): number | undefined {
    let depth = this.#depth;
    let inString = this.#inString;
    let isEscaped = this.#isEscaped;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        depth -= 1;
        if (depth === 0) return at + 1;
      }
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#isEscaped = isEscaped;
    return undefined;
  }
}

/** The only key there may be has nothing escaped in it. */
function findKeyEnd(chunk: Buffer, from: number): number | undefined {
  const quote = chunk.indexOf(QUOTE, from);
  return quote === -1 ? undefined : quote + 1;
}

type Frame =
  | 'before-object'
  | 'before-key'
  | 'before-colon'
  | 'before-array'
  | 'before-first'
  | 'after-element'
  | 'before-next'
  | 'after-array'
  | 'done';
type State = Frame | 'in-key' | 'in-element';

/** What may come next in the frame, blanks aside, and what it leads to. */
const FRAME: Readonly<Record<Frame, Readonly<Record<string, State>>>> = {
  'before-object': { '{': 'before-key' },
  'before-key': { '"': 'in-key' },
  'before-colon': { ':': 'before-array' },
  'before-array': { '[': 'before-first' },
  'before-first': { '{': 'in-element' },
  'after-element': { ',': 'before-next', ']': 'after-array' },
  'before-next': { '{': 'in-element' },
  'after-array': { '}': 'done' },
  done: {},
};

function describe(state: Frame, elements: number): string {
  switch (state) {
    case 'before-array':
      return 'requests: must be a list';
    case 'before-first':
      return 'requests: must hold at least one object';
    case 'after-element':
      return `requests: must go on with a comma or end after requests.${elements - 1}`;
    case 'before-next':
      return `requests.${elements}: must be an object`;
    case 'before-object':
    case 'before-key':
    case 'before-colon':
    case 'after-array':
    case 'done':
      return 'the body: must be {"requests": [{"custom_id": …, "params": {…}}, …]} and nothing else';
  }
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const LONGEST_KEY = 64;
const MOST_PARTS = 1024;

const isBlank = (byte: number): boolean => byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;

const malformed = (detail: string): Scanned => ({ kind: 'malformed', detail });
