import { LineCounter, parseDocument } from 'yaml';
import type { Mistake } from './mistakes.ts';

/** Enough for anchors in a hand-written file, far too few for a document that unfolds to gigabytes. */
const MAX_ALIASES = 100;

/**
 * Reads one YAML document into plain values; refuses duplicate keys and alias bombs. An empty document is an empty
 * map. Messages name line and column and never quote the file, where a key may stand in plain text.
 */
export function readYaml(text: string): { readonly value: unknown; readonly mistakes: readonly Mistake[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    const mistakes = document.errors.map(({ code, pos: [offset] }) => {
      const { line, col } = lines.linePos(offset);
      return {
        path: [],
        message: `line ${line}, column ${col}: ${MESSAGES[code] ?? 'not well-formed YAML'}`,
      };
    });
    return { value: undefined, mistakes };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value: value ?? {}, mistakes: [] };
  } catch {
    return {
      value: undefined,
      mistakes: [
        { path: [], message: `an alias has no anchor, or aliases unfold to over ${MAX_ALIASES} copies` },
      ],
    };
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands twice in its map',
  TAB_AS_INDENT: 'a tab indents this line; YAML wants spaces',
  BAD_INDENT: 'the indentation does not fit',
  MISSING_CHAR: 'a character is missing, perhaps a quote, a colon or a bracket',
  MULTIPLE_DOCS: 'one document per file',
};
