/** What to do about a document that did not complete, by the code of its error; begins in lower case, one line. */
export const adviceFor = (code: string): string => ADVICE.get(code) ?? RETRY;

const RETRY = 'run again with --retry-failed';
const LARGER = 'split the document, or choose a model with a larger context';
const LOOK_AT_BACKENDS = 'look at the backends (spillway doctor), then run again with --retry-failed';

/** A document that is changed is sent again by the next run as it is; only the others need --retry-failed. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['empty', 'check whether this is the right file'],
  ['not-text', 'save it as UTF-8 text, PDF or DOCX'],
  ['malformed', 'open it, save it again'],
  ['unsupported-format', 'convert it to PDF, DOCX or text'],
  ['too-large', 'split it into smaller documents'],
  ['document-too-large', 'split it into smaller documents'],
  ['too-complex', 'print it to a plain PDF, or save its text'],
  ['encrypted', 'save it without its password'],
  ['image-only', 'run text recognition (OCR) over it first'],
  ['timed-out', 'it takes too long to read: print it to a plain PDF, or save its text'],
  ['out-of-memory', 'it takes too much memory to read: print it to a plain PDF, or save its text'],
  ['unreadable', 'open it, save it again'],
  ['unreadable-file', 'check that the file is there and that you may read it'],
  ['schema-mismatch', 'loosen the schema or say in the prompt what it asks for; --out to another file'],
  ['no-answer', 'give a higher --max-output-tokens and another --out'],
  ['context-exceeded', LARGER],
  ['invalid-request', 'check the prompt and the options'],
  ['unsupported-by-backend', 'choose another --model'],
  ['model-not-found', 'choose another --model'],
  ['privacy-violation-blocked', 'no local backend may run it: add one, or relax --privacy'],
  ['unservable', LOOK_AT_BACKENDS],
  ['backend-unreachable', LOOK_AT_BACKENDS],
  ['backend-refused-credentials', LOOK_AT_BACKENDS],
  ['backend-quota-exhausted', LOOK_AT_BACKENDS],
  ['expired', 'give a longer --window, and run again with --retry-failed'],
]);
