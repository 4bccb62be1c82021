import { Parser } from 'htmlparser2';
import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse } from './document.ts';
import { createTextFlow } from './text-flow.ts';

/**
 * Reads the text of a page: blocks on lines of their own, cells of a row parted by `|`, list items by a dash; scripts
 * and styles left out. One pass, no tree, at most 512 open elements, since a parser's work grows with their number:
 * https://github.com/fb55/htmlparser2 looks for the element to close among all that are open.
 */
export function htmlText(
  html: string,
  { denseCells = false }: HtmlTextOptions = {},
): Result<string, DocumentProblem> {
  const flow = createTextFlow();
  let open = 0;
  let tooDeep = false;
  let skipping = 0;
  let preformatted = 0;
  let cells = 0;
  let openCells = 0;
  const lineEndsOf = (name: string): number =>
    Math.min(LINE_ENDS.get(name) ?? 0, denseCells && openCells > 0 ? 1 : 2);
  const parser = new Parser({
    onopentag(name, attributes) {
      open += 1;
      if (open > MAX_OPEN_ELEMENTS) {
        tooDeep = true;
        parser.pause();
      }
      if (SKIPPED.has(name)) skipping += 1;
      if (skipping > 0) return;
      flow.startBlock(lineEndsOf(name));
      if (name === 'pre') preformatted += 1;
      else if (name === 'br') flow.endLine();
      else if (name === 'li') flow.mark('- ');
      else if (name === 'img') flow.words(attributes['alt'] ?? '');
      else if (name === 'tr') cells = 0;
      else if (name === 'td' || name === 'th') {
        if (cells > 0) flow.join(' | ');
        cells += 1;
        openCells += 1;
      }
    },
    ontext(text) {
      if (skipping > 0) return;
      if (preformatted > 0) flow.verbatim(text);
      else flow.words(text);
    },
    onclosetag(name) {
      open -= 1;
      if (SKIPPED.has(name)) skipping -= 1;
      else if (name === 'pre') preformatted -= 1;
      if (skipping > 0) return;
      flow.endBlock(lineEndsOf(name));
      if (name === 'td' || name === 'th') openCells -= 1;
    },
  });
  parser.write(html);
  if (tooDeep)
    return refuse('too-complex', `more than ${MAX_OPEN_ELEMENTS} elements inside each other; simplify it`);
  parser.end();
  return ok(flow.text());
}

interface HtmlTextOptions {
  /** Keeps paragraphs in a cell close together, for tables that hold data; pages also use tables for their layout. */
  readonly denseCells?: boolean;
}

const MAX_OPEN_ELEMENTS = 512;

const SKIPPED: ReadonlySet<string> = new Set([
  'script',
  'style',
  'template',
  'svg',
  'object',
  'iframe',
  'noscript',
  'select',
]);

const LINES =
  'address article aside body dd div dt figcaption figure footer form head header html legend li main nav section tr';
const PARAGRAPHS = 'blockquote dl fieldset h1 h2 h3 h4 h5 h6 hr ol p pre table title ul';

/** How many line ends stand at least before and after an element. */
const LINE_ENDS: ReadonlyMap<string, number> = new Map([
  ...LINES.split(' ').map((name) => [name, 1] as const),
  ...PARAGRAPHS.split(' ').map((name) => [name, 2] as const),
]);
