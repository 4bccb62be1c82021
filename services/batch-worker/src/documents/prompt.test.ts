import { describe, expect, test } from 'vitest';
import { documentOptions, said, TOTAL_SCHEMA } from './documents.fixtures.ts';
import { type Asking, buildRequest, type ChatRequest, withoutFormat } from './prompt.ts';

const whole: Asking = { name: 'a.txt', text: 'Some text.', holds: 'document', part: undefined };
const part: Asking = { ...whole, part: { number: 2, of: 3 } };

function build(asking: Asking, changes: Parameters<typeof documentOptions>[0] = {}): ChatRequest {
  const request = buildRequest(documentOptions(changes), asking);
  if (!request.ok) throw new Error(request.error.detail);
  return request.value;
}

test('a part says which one it is, and that it is to be answered for alone', () => {
  const request = build(part);
  expect(said(request, 'system')).toMatch(
    /^Summarise it\.\n\nThe document is too long .* part 2 of 3\. Answer for this part/u,
  );
  expect(said(request, 'user')).toBe('Some text.');
});

test('answers that are put together say that they stand for the document', () => {
  expect(said(build({ ...whole, holds: 'answers' }), 'system')).toContain(
    'the answers for its parts, in order',
  );
  expect(said(build({ ...part, holds: 'answers' }), 'system')).toContain('the ones of part 2 of 3');
});

test('a template keeps its place for the answers, too', () => {
  const request = build(
    { ...whole, holds: 'answers', text: 'Answer 1 of 2' },
    { instruction: 'Of {{ document }}?' },
  );
  expect(said(request, 'user')).toBe('Of Answer 1 of 2?');
  expect(said(request, 'system')).toContain('stands for it');
});

test('an instruction that names the file and not the document is the system’s word', () => {
  const request = build(whole, { instruction: 'From {{filename}}.' });
  expect([said(request, 'system'), said(request, 'user')]).toEqual(['From a.txt.', 'Some text.']);
});

test('an unknown placeholder is refused', () => {
  const refused = buildRequest(documentOptions({ instruction: '{{invoice}}' }), whole);
  expect(refused).toMatchObject({ ok: false, error: { placeholder: 'invoice' } });
});

describe('a schema', () => {
  test('is the format of the last answer, and stands in its prompt', () => {
    const request = build(whole, { schema: TOTAL_SCHEMA });
    expect(request['response_format']).toMatchObject({ type: 'json_schema' });
    expect(said(request, 'system')).toContain(JSON.stringify(TOTAL_SCHEMA));
    expect(withoutFormat(request)).toEqual({ ...request, response_format: undefined });
  });

  test('of a part says what to look out for, and is no format', () => {
    const request = build(part, { schema: TOTAL_SCHEMA });
    expect(request['response_format']).toBeUndefined();
    expect(said(request, 'system')).toContain(JSON.stringify(TOTAL_SCHEMA));
  });
});
