import type { CodeOptions } from 'ajv';
import { RE2JS } from 're2js';
import type { TakeSteps } from './limit-steps.ts';

/**
 * Patterns of a schema, run in time that grows with the text and the pattern and no faster, for which they take steps;
 * throws on what cannot be, such as a look ahead or a back reference, and on repetitions above 1,000.
 */
export const linearPattern = (take: TakeSteps): NonNullable<CodeOptions['regExp']> =>
  Object.assign(
    (pattern: string) => {
      const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
      const size = compiled.programSize();
      const test = (text: string): boolean => {
        take(1 + (size * text.length) / WORK_PER_STEP);
        return compiled.matcher(text).find();
      };
      // Ajv keeps one of each pattern, told apart by what it says as text.
      return { test, toString: () => pattern };
    },
    // Named in code that Ajv writes out, which we do not have it do.
    { code: 'linearPattern' },
  );

/** Instructions of a pattern's program times characters of a text. */
const WORK_PER_STEP = 64;
