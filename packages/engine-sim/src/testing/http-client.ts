/** What the HTTP tests need of an answer, read to its end. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Posts JSON and reads the whole answer. */
export async function post(
  url: string,
  body: unknown,
  init: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal } = {},
): Promise<Answered> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...init.headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: init.signal ?? AbortSignal.timeout(15_000),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export async function get(url: string, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(15_000) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export const chat = (content: string, rest: object = {}): object => ({
  messages: [{ role: 'user', content }],
  ...rest,
});

/** The data lines of a stream of server-sent events, in order, without the closing `[DONE]`. */
export const sseData = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line) => JSON.parse(line.slice('data: '.length)) as unknown);

/** Asks again until the condition holds; for effects that arrive over a connection of their own. */
export async function until(holds: () => boolean, whileWaiting: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`still waiting: ${whileWaiting}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
