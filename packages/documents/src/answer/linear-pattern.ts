import type { CodeOptions } from 'ajv';
import { RE2JS } from 're2js';

/**
 * Patterns of a schema, run in time that grows with the text and no faster; throws on what cannot be, such as a look
 * ahead or a back reference, and on repetitions above 1,000.
 */
export const linearPattern: NonNullable<CodeOptions['regExp']> = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    // Ajv keeps one of each pattern, told apart by what it says as text.
    return { test: (text: string): boolean => compiled.matcher(text).find(), toString: () => pattern };
  },
  // Named in code that Ajv writes out, which we do not have it do.
  { code: 'linearPattern' },
);
