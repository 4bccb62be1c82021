import { describe, expect, test } from 'vitest';
import { openBatchHouse } from '../testing/open-batch-house.ts';
import { createPlayEngine } from '../testing/play-engine.ts';
import {
  createDocumentBatch,
  documentConfig,
  documentOptions,
  leftOf,
  pagesOf,
  refusing,
  resultsOf,
  runToEnd,
  said,
  saying,
  TOTAL_SCHEMA,
  workOnce,
} from './documents.fixtures.ts';

const WINDOW = 800;

async function openDocuments(contextTokens = WINDOW) {
  const house = await openBatchHouse(documentConfig(contextTokens));
  return {
    house,
    engine: createPlayEngine(house.store),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

describe('a document that fits the window', () => {
  test('is one job: the instruction is the system’s word, the document the user’s', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, [{ name: 'a.txt', content: 'Some text.' }]);
    const seen = await runToEnd(house, engine, id, () => saying('A summary.'));
    expect(seen.map(({ request }) => request)).toEqual([
      {
        model: 'small',
        messages: [
          { role: 'system', content: 'Summarise it.' },
          { role: 'user', content: 'Some text.' },
        ],
        max_tokens: 100,
      },
    ]);
    expect(await resultsOf(house, id)).toMatchObject([
      { document: 'a.txt', chunks: 1, status: 'completed', output: 'A summary.', why: 'local had room' },
    ]);
    expect(await leftOf(house, id)).toEqual([]);
  });

  test('stands in the instruction where a template says so, and its name does too', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const options = documentOptions({ instruction: 'Of {{filename}}: {{document}} Summarise.' });
    const { id } = await createDocumentBatch(
      house,
      [{ name: 'a.txt', content: 'Text {{filename}}.' }],
      options,
    );
    const [seen] = await runToEnd(house, engine, id, () => saying('ok'));
    expect(seen?.request['messages']).toEqual([
      { role: 'user', content: 'Of a.txt: Text {{filename}}. Summarise.' },
    ]);
  });
});

describe('documents that cannot be read', () => {
  test('are error lines, and the others go on', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, [
      { name: 'broken.pdf', content: '%PDF-1.7 and nothing of one' },
      { name: 'good.txt', content: 'Text.' },
      { name: 'lost.txt', content: 'Text.', isLost: true },
      { name: 'blank.txt', content: '  \n ' },
    ]);
    const seen = await runToEnd(house, engine, id, () => saying('ok'));
    expect(seen).toHaveLength(1);
    expect(await resultsOf(house, id)).toMatchObject([
      { document: 'broken.pdf', status: 'failed', chunks: 0, output: null },
      { document: 'good.txt', status: 'completed', output: 'ok' },
      { document: 'lost.txt', status: 'failed', error: { code: 'unreadable' } },
      { document: 'blank.txt', status: 'failed', error: { code: 'empty' } },
    ]);
    expect((await house.one(id)).counts).toMatchObject({ completed: 1, failed: 3 });
  });

  test('an instruction that leaves no room says so for each document', async () => {
    await using documents = await openDocuments(256);
    const { house, engine } = documents;
    const options = documentOptions({ max_output_tokens: 250 });
    const { id } = await createDocumentBatch(house, [{ name: 'a.txt', content: 'Text.' }], options);
    await runToEnd(house, engine, id, () => saying('never asked'));
    expect(await resultsOf(house, id)).toMatchObject([{ error: { code: 'context-exceeded' } }]);
  });
});

describe('a document above the window', () => {
  test('is read in parts, and their answers are put together level by level until one is left', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id, expiresAtMs } = await createDocumentBatch(house, [
      { name: 'long.txt', content: pagesOf(12) },
    ]);
    const answerOfPart = 'What this part says, at some length. '.repeat(8);
    const seen = await runToEnd(house, engine, id, ({ request }) =>
      said(request, 'system').includes('together elsewhere') || said(request, 'system').includes('alone')
        ? saying(answerOfPart)
        : saying('The whole.'),
    );
    const parts = seen.filter(({ request }) => said(request, 'system').includes('alone'));
    const middle = seen.filter(({ request }) => said(request, 'system').includes('together elsewhere'));
    expect(parts).toHaveLength(12);
    expect(middle.length).toBeGreaterThan(1);
    expect(seen).toHaveLength(parts.length + middle.length + 1);
    expect(new Set([...middle, ...seen.slice(-1)].map((claim) => claim.deadlineAtMs))).toEqual(
      new Set([expiresAtMs]),
    );
    expect(said(seen.at(-1)?.request ?? {}, 'user')).toMatch(/^Answer 1 of \d+:\nWhat this part says/u);
    const used = { input_tokens: 10 * seen.length, cost_usd: (3 * seen.length) / 1e6 };
    expect(await resultsOf(house, id)).toMatchObject([
      { document: 'long.txt', chunks: 12, status: 'completed', output: 'The whole.', usage: used },
    ]);
    expect(await leftOf(house, id)).toEqual([]);
  });

  test('each part that was answered gives back the room of its request', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, [{ name: 'long.txt', content: pagesOf(3) }]);
    const bytes = async () =>
      Number(await house.store.redis.hget(house.store.keys.batch(id), 'window_bytes'));
    await workOnce(house, id);
    const all = await bytes();
    const [first] = await engine.start(1);
    if (first === undefined) throw new Error('nothing to run');
    await engine.settle(first, saying('ok'));
    await workOnce(house, id);
    expect(all - (await bytes())).toBe(JSON.stringify(first.request).length);
    await runToEnd(house, engine, id, () => saying('ok'));
    expect(await leftOf(house, id)).toEqual([]);
  });

  test('a part that fails ends the document, and the other parts are cancelled', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, [{ name: 'long.txt', content: pagesOf(4) }]);
    await workOnce(house, id);
    const [first, second, third] = await engine.start(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('too few');
    await engine.settle(first, saying('ok'));
    await engine.settle(second, refusing('backend-error', 'the engine is broken'));
    await workOnce(house, id);
    // One runs, one waits: both are gone, and the late end of the one that ran is nobody's.
    await engine.settle(third, saying('late'));
    await workOnce(house, id);
    expect(await resultsOf(house, id)).toMatchObject([
      {
        status: 'failed',
        chunks: 4,
        output: null,
        error: { code: 'backend-error', detail: 'the engine is broken' },
        usage: { input_tokens: 10 },
      },
    ]);
    expect(await leftOf(house, id)).toEqual([]);
  });

  test('with personal data in one part, every step of it is pinned, and no step of another document', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, [
      { name: 'card.txt', content: `${pagesOf(3)}\n\nCard 4111 1111 1111 1111` },
      { name: 'plain.txt', content: pagesOf(3) },
    ]);
    const seen = await runToEnd(house, engine, id, () => saying('ok'));
    const pinned = seen.filter((claim) => claim.pinned);
    // Three parts and one that puts them together, each.
    expect([pinned.length, seen.length]).toEqual([4, 8]);
    expect(await resultsOf(house, id)).toMatchObject([{ why: 'pinned: card' }, { why: 'local had room' }]);
  });
});

describe('an answer that is to follow a schema', () => {
  const options = documentOptions({ schema: TOTAL_SCHEMA });
  const one = [{ name: 'a.txt', content: 'Total: 7' }];

  test('is asked for with a response format, and comes out as JSON', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, one, options);
    const [seen] = await runToEnd(house, engine, id, () => saying('```json\n{"total": 7}\n```'));
    expect(seen?.request['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema: TOTAL_SCHEMA, strict: false },
    });
    expect(await resultsOf(house, id)).toMatchObject([{ status: 'completed', output: { total: 7 } }]);
  });

  test('is asked for once more with what was wrong; usage and attempts are those of both', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, one, options);
    const answers = ['{"total": "seven"}', '{"total": 7}'];
    const seen = await runToEnd(house, engine, id, () => saying(answers.shift() ?? ''));
    expect(seen).toHaveLength(2);
    expect(said(seen[1]?.request ?? {}, 'assistant')).toBe('{"total": "seven"}');
    expect(said(seen[1]?.request ?? {}, 'user')).toContain('/total must be number');
    expect(await resultsOf(house, id)).toMatchObject([{ output: { total: 7 }, usage: { input_tokens: 20 } }]);
  });

  test('that is wrong twice fails the document, and says why', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, one, options);
    expect(await runToEnd(house, engine, id, () => saying('It is seven.'))).toHaveLength(2);
    expect(await resultsOf(house, id)).toMatchObject([
      { status: 'failed', error: { code: 'schema-mismatch' }, output: null },
    ]);
  });

  test('is asked for without a response format where the engine refuses that', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, one, options);
    const seen = await runToEnd(house, engine, id, ({ request }) =>
      request['response_format'] === undefined
        ? saying('{"total": 7}')
        : refusing('invalid-request', 'response_format is not supported'),
    );
    expect(seen).toHaveLength(2);
    expect(said(seen[1]?.request ?? {}, 'system')).toContain(JSON.stringify(TOTAL_SCHEMA));
    expect(await resultsOf(house, id)).toMatchObject([{ status: 'completed', output: { total: 7 } }]);
    expect(await leftOf(house, id)).toEqual([]);
  });

  test('of a long document is JSON at the end only', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, [{ name: 'long.txt', content: pagesOf(3) }], options);
    const seen = await runToEnd(house, engine, id, ({ request }) =>
      request['response_format'] === undefined ? saying('Here the total is 7.') : saying('{"total": 7}'),
    );
    expect(seen.filter(({ request }) => request['response_format'] !== undefined)).toHaveLength(1);
    expect(await resultsOf(house, id)).toMatchObject([{ output: { total: 7 } }]);
  });
});
