import { describe, expect, test } from 'vitest';
import { htmlText } from './html-text.ts';

const text = (html: string): string => {
  const read = htmlText(html);
  return read.ok ? read.value : `refused: ${read.error.detail}`;
};

describe('htmlText', () => {
  test.each([
    [
      'blocks stand on lines of their own',
      '<h1>Title</h1><p>One.</p><p>Two.</p><div>a</div><div>b</div>',
      'Title\n\nOne.\n\nTwo.\n\na\nb',
    ],
    ['blanks and line ends collapse', '<p>a\n   b <b> c</b>d<i>e</i></p>', 'a b cde'],
    ['preformatted text stays', '<pre>a\n  b</pre>', 'a\n  b'],
    ['items carry a dash', '<ul><li>a</li><li><p>b</p></li><li></li></ul><p>c</p>', '- a\n- b\n\nc'],
    [
      'cells of a row stay on its line',
      '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td></td><td><p>3</p></td></tr></table>',
      'a | b\n1 |  | 3',
    ],
    ['a line break is one', 'a<br>b<br><br><br>c', 'a\nb\n\nc'],
    [
      'scripts and styles are left out',
      'a<script>alert("x")</script><style>p{}</style><svg><text>no</text></svg>b',
      'ab',
    ],
    ['comments are left out', 'a<!-- no -->b', 'ab'],
    ['entities are decoded', 'a &amp; b &lt;c&gt; &#8364;', 'a & b <c> €'],
    [
      'an image is its description',
      '<p>See <img src="a.png" alt="a chart"> <img src="b.png"> here</p>',
      'See a chart here',
    ],
    ['tags left open are closed', '<ul><li>a<li>b<p>c', '- a\n- b\n\nc'],
    ['nothing is nothing', '<html><body><script>1</script></body></html>', ''],
  ])('%s', (_what, html, expected) => {
    expect(text(html)).toBe(expected);
  });
});

describe('hostile pages', () => {
  test('100,000 elements inside each other are refused and not walked', () => {
    const depth = 100_000;
    expect(text('<div>'.repeat(depth) + 'x' + '</div>'.repeat(depth))).toBe(
      'refused: more than 512 elements inside each other; simplify it',
    );
    expect(text('<b>'.repeat(depth) + '</i>'.repeat(depth))).toContain('refused');
  });

  test('a page of ordinary depth is not refused for leaving a million tags open one after the other', () => {
    expect(text('<p>x'.repeat(100_000))).toHaveLength(100_000 * 3 - 2);
  });

  test.each([
    '<',
    '<!--',
    '<a ',
    '&',
    '&#',
    '</',
    '<br>',
    '<li>',
    '<td>',
    '<blockquote>x</blockquote>',
    '<![CDATA[',
  ])('a megabyte of %j is read in one pass and grows to no more than twice its size', (unit) => {
    expect(text(unit.repeat(1_000_000 / unit.length)).length).toBeLessThan(2_000_000);
  });
});
