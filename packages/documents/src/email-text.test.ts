import { describe, expect, test } from 'vitest';
import { emailText } from './email-text.ts';

function read(lines: readonly string[] | Uint8Array): string {
  const bytes = lines instanceof Uint8Array ? lines : new TextEncoder().encode(lines.join('\r\n'));
  const mail = emailText(bytes);
  return mail.ok ? mail.value : `${mail.error.code}: ${mail.error.detail}`;
}

describe('emailText', () => {
  test('a mail is its headers and its text', () => {
    expect(
      read([
        'Received: from mx.example.org by mail.example.com',
        'From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.com>',
        'To: Team: a@example.org, "B" <b@example.org>;',
        'Cc: c@example.org',
        'Subject: =?utf-8?b?R3LDtsOfZQ==?=',
        'Date: Fri, 17 May 2024 09:30:00 +0200',
        '',
        'Hello,',
        '',
        'all is well.',
        '',
      ]),
    ).toBe(
      [
        'Subject: Größe',
        'From: Jürgen <juergen@example.com>',
        'To: a@example.org, B <b@example.org>',
        'Cc: c@example.org',
        'Date: 2024-05-17T07:30:00.000Z',
        '',
        'Hello,',
        '',
        'all is well.',
      ].join('\n'),
    );
  });

  test('of a text and a page the text is read', () => {
    expect(
      read([
        'Subject: Both',
        'MIME-Version: 1.0',
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'as text',
        '--b',
        'Content-Type: text/html; charset=utf-8',
        '',
        '<p>as page</p>',
        '--b--',
      ]),
    ).toBe('Subject: Both\n\nas text');
  });

  test('a page alone is read as text', () => {
    expect(
      read([
        'Subject: Page',
        'Content-Type: text/html; charset=utf-8',
        '',
        '<p>one</p><p>two &amp; three</p>',
      ]),
    ).toBe('Subject: Page\n\none\n\ntwo & three');
  });

  test('an attachment is named and not read', () => {
    expect(
      read([
        'Subject: Report',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'see attached',
        '--b',
        'Content-Type: application/pdf; name="report.pdf"',
        'Content-Disposition: attachment; filename="report.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        'JVBERi0xLjcK',
        '--b',
        'Content-Type: application/octet-stream',
        'Content-Disposition: attachment',
        '',
        'xx',
        '--b--',
      ]),
    ).toBe(
      'Subject: Report\n\nsee attached\n\nAttachment, not read: report.pdf\n\nAttachment, not read: application/octet-stream',
    );
  });

  test('a mail in another character set is read as it says', () => {
    const mail = 'Subject: Latin\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\ngr\u00f6\u00dfer';
    expect(read(Uint8Array.from(Buffer.from(mail, 'latin1')))).toBe('Subject: Latin\n\ngrößer');
  });
});

describe('parts', () => {
  test('texts that stand beside each other are read one after the other, in whatever encoding', () => {
    expect(
      read([
        'Subject: Parts',
        'Content-Type: multipart/mixed; boundary="a \\"b\\""',
        '',
        'This preamble is not read.',
        '--a "b"',
        'Content-Transfer-Encoding: base64',
        '',
        'w6R',
        'wZmVs',
        '--a "b"',
        'Content-Type: text/plain; charset=iso-8859-1',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Birn=',
        'en =E4',
        '--a "b"',
        'Content-Type: message/rfc822',
        '',
        'Subject: inside',
        '',
        'forwarded',
        '--a "b"--',
        'This epilogue is not read.',
      ]),
    ).toBe('Subject: Parts\n\näpfel\n\nBirnen ä\n\nforwarded');
  });

  test('a text stands before a page among alternatives, and a page alone is read', () => {
    const page = ['--b', 'Content-Type: text/html', '', '<p>page</p>'];
    const head = ['Subject: a', 'Content-Type: multipart/alternative; boundary=b', ''];
    expect(read([...head, ...page, '--b', '', 'text', '--b--'])).toBe('Subject: a\n\ntext');
    expect(read([...head, '--b', '', '', ...page, '--b--'])).toBe('Subject: a\n\npage');
  });

  test('UTF-8 is read where ASCII is said, in headers too, and behind a byte order mark', () => {
    expect(read(['\ufeffSubject: größer', 'Content-Type: text/plain; charset=us-ascii', '', '漢字'])).toBe(
      'Subject: größer\n\n漢字',
    );
  });

  test('a date that is none is left as it stands', () => {
    expect(read(['Subject: a', 'Date: next Tuesday', '', 'x'])).toBe('Subject: a\nDate: next Tuesday\n\nx');
  });
});

describe('mails that cannot be read', () => {
  test.each([
    ['malformed', ['no headers at all, only a sentence']],
    ['malformed', ['', 'a body without headers']],
    ['malformed', ['X-Nothing: 1', '', 'none of the headers a mail has']],
    [
      'malformed',
      [
        'Subject: headers without end',
        ...Array.from({ length: 20_000 }, (_, n) => `X-${n}: ${'x'.repeat(20)}`),
        '',
        'a',
      ],
    ],
    ['empty', ['Subject: nothing in it', '']],
    ['empty', ['Subject: cut off', 'Content-Type: multipart/mixed; boundary=b', '', '--b']],
    ['malformed', ['Subject: parts of no name', 'Content-Type: multipart/mixed', '', 'x']],
    ['not-text', ['Subject: binary', '', 'a\0b']],
    ['not-text', ['Subject: binary', 'Content-Transfer-Encoding: base64', '', 'YQBi']],
    ['not-text', ['Subject: unknown', 'Content-Type: text/plain; charset=klingon', '', 'x']],
    ['not-text', ['Subject: wrong', 'Content-Transfer-Encoding: quoted-printable', '', '=FF=FE']],
    [
      'not-text',
      [
        'Subject: wrong',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        '//4=',
      ],
    ],
  ])('%s', (code, lines) => {
    expect(read(lines)).toMatch(new RegExp(`^${code}: `));
  });

  test('parts nested 10,000 deep are refused', () => {
    const nested = Array.from({ length: 10_000 }, (_, n) => [
      `Content-Type: multipart/mixed; boundary=b${n}`,
      '',
      `--b${n}`,
    ]).flat();
    expect(read(['Subject: deep', ...nested])).toBe('too-complex: has parts nested deeper than 16');
    const mails = Array.from({ length: 10_000 }, () => ['Content-Type: message/rfc822', '']).flat();
    expect(read(['Subject: deep', ...mails])).toBe('too-complex: has parts nested deeper than 16');
  });

  test('a hundred thousand parts are refused', () => {
    const parts = Array.from({ length: 100_000 }, () => ['--b', '', 'x']).flat();
    expect(read(['Subject: parts', 'Content-Type: multipart/mixed; boundary=b', '', ...parts])).toBe(
      'too-complex: has more than 1000 parts',
    );
  });

  const html = 'Content-Type: text/html';
  const mixed = [
    'Subject: a',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'x',
    '--b',
  ];
  test.each([
    ['empty lines', ['Subject: a', '', '\n'.repeat(1_000_000), 'x']],
    ['unclosed links beside a text', [...mixed, html, '', '<a href="'.repeat(100_000)]],
    ['boundaries that are none', [...mixed, '', '--c\n'.repeat(200_000)]],
    ['encoded words', [`Subject: ${'=?utf-8?q?a?= '.repeat(4000)}`, '', 'x']],
    ['half an encoded word', [`Subject: ${'=?utf-8?q?'.repeat(6000)}`, '', 'x']],
    ['addresses', [`To: ${'a@example.com,'.repeat(4000)}`, '', 'x']],
    ['brackets', [`Subject: a\r\nTo: ${'(<"'.repeat(20_000)}`, '', 'x']],
    ['parameters', ['Subject: a', `Content-Type: text/plain${';a="'.repeat(10_000)}`, '', 'x']],
    [
      'soft line ends',
      ['Subject: a', 'Content-Transfer-Encoding: quoted-printable', '', '= '.repeat(500_000)],
    ],
  ])('a megabyte of %s is read in one pass', (_what, lines) => {
    expect(read(lines)).toMatch(/^(?:Subject|To): /u);
  });
});
