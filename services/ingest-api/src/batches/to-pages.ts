import { setImmediate as nextTurn } from 'node:timers/promises';

const PAGE_CHARACTERS = 65_536;

/**
 * Gathers lines that are there at once into pages of about 64 Ki characters; what came is not kept waiting for what has
 * not. Each line gets its line end.
 */
export async function* toPages(
  lines: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  let page = '';
  let turn: Promise<undefined> | undefined;
  try {
    for (let next = lines.next(); ;) {
      const line = page === '' ? await next : await Promise.race([next, (turn ??= nextTurn(undefined))]);
      if (line?.done === true) break;
      if (line !== undefined) {
        page += `${line.value}\n`;
        next = lines.next();
        // Nobody may be looking when it fails: the failure comes up where it is awaited.
        next.catch(() => undefined);
      }
      if (line === undefined || page.length >= PAGE_CHARACTERS) {
        yield page;
        page = '';
        turn = undefined;
      }
    }
    if (page !== '') yield page;
  } finally {
    await lines.return();
  }
}
