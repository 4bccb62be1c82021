import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { limitParts } from './limit-parts.ts';
import { Problem } from './problem.ts';

const ROUTE = '/';

/** The status of the answer; 0 when the route behind did not get the body as it was. */
async function send(body: string, contentType: string): Promise<number> {
  const app = new Hono();
  app.onError((error, context) => context.text('', error instanceof Problem ? 413 : 500));
  app.post(
    ROUTE,
    limitParts(() => 2),
    async (context) => context.text(await context.req.text()),
  );
  const answer = await app.request(ROUTE, { method: 'POST', body, headers: { 'content-type': contentType } });
  return answer.status === 200 && (await answer.text()) !== body ? 0 : answer.status;
}
const parts = (count: number, boundary: string) =>
  `--${boundary}\r\n\r\nx\r\n`.repeat(count) + `--${boundary}--\r\n`;

test.each([
  ['plain', 'multipart/form-data; boundary=b', 'b'],
  ['quoted', 'multipart/form-data; boundary="b c"', 'b c'],
  ['after another parameter', 'Multipart/Form-Data; charset=utf-8; Boundary=b-1', 'b-1'],
])(
  'a boundary that is %s is found: two parts pass unchanged, three do not',
  async (_what, contentType, boundary) => {
    expect(await send(parts(2, boundary), contentType)).toBe(200);
    expect(await send(parts(3, boundary), contentType)).toBe(413);
  },
);

test('parts that never end are counted, too', async () => {
  expect(await send('--b\r\n'.repeat(4), 'multipart/form-data; boundary=b')).toBe(413);
});

test('a body that is no form is left alone', async () => {
  expect(await send(parts(9, 'b'), 'text/plain')).toBe(200);
  expect(await send(parts(9, 'b'), 'multipart/form-data')).toBe(200);
});
