export interface OpenLinesOptions {
  /** The longest a client may leave what it was sent unread. */
  readonly idleMs: number;
  /** Hears what cut the stream short after its first page, when the answer can no longer say so. */
  readonly onFailure: (error: unknown) => void;
}

/** Lines as a text, or bytes as they are. */
type Page = string | Uint8Array;
type Pages = AsyncGenerator<Page, void, undefined>;

/**
 * A body that takes the next page only when the client has read the last one, so that a slow client costs one page of
 * memory, and one that stopped reading costs it no longer than `idleMs`. The first page is read before this resolves:
 * what fails until then rejects and becomes a problem; what fails later breaks the connection off, because a clean
 * end would say that this was all of it.
 */
export async function openLines(
  pages: Pages,
  { idleMs, onFailure }: OpenLinesOptions,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let first: IteratorResult<Page, void> | undefined = await pages.next();
  let idle: NodeJS.Timeout | undefined;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        clearTimeout(idle);
        const page = first ?? (await takePage(pages, onFailure));
        first = undefined;
        if (page === 'failed') {
          // The server prints what breaks a stream: it is not given what may hold more than this.
          controller.error(new Error('the body was cut short'));
          return;
        }
        if (page.done === true) {
          controller.close();
          return;
        }
        controller.enqueue(typeof page.value === 'string' ? encoder.encode(page.value) : page.value);
        idle = setTimeout(() => {
          controller.error(new Error('the client stopped reading'));
          void pages.return();
        }, idleMs);
      },
      cancel: async () => {
        clearTimeout(idle);
        await pages.return();
      },
    },
    { highWaterMark: 0 },
  );
}

async function takePage(
  pages: Pages,
  onFailure: OpenLinesOptions['onFailure'],
): Promise<IteratorResult<Page, void> | 'failed'> {
  try {
    return await pages.next();
  } catch (error) {
    onFailure(error);
    return 'failed';
  }
}
