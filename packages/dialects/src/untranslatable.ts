import { err, ok, type JsonObject, type Result } from '@spillway/core';
import type { z } from 'zod';

/** Why a request cannot be said in another dialect: the first field in the way, and a sentence that names it. */
export interface Untranslatable {
  readonly field: string;
  /** For the person who sent the request; it never repeats a value from it. */
  readonly detail: string;
}

export interface Translation<Request> {
  /** Strict on purpose: what is not in it would change the answer, or would have to be dropped in silence. */
  readonly schema: z.ZodType<Request>;
  /** Fields that do not bear on the text of the answer. */
  readonly ignored: ReadonlySet<string>;
  /** The dialect it is translated into, as a person calls it. */
  readonly into: string;
}

/** Reads a request as far as another dialect can say it; absent and `null` are the same. */
export function readTranslatable<Request>(
  body: JsonObject,
  { schema, ignored, into }: Translation<Request>,
): Result<Request, Untranslatable> {
  const asked = Object.entries(body).filter(([field, value]) => !ignored.has(field) && value !== null);
  try {
    const parsed = schema.safeParse(Object.fromEntries(asked));
    return parsed.success ? ok(parsed.data) : err(firstProblem(parsed.error, into));
  } catch (error) {
    // zod hands problems on as arguments of one call, which takes some 100,000.
    if (error instanceof RangeError)
      return err({ field: 'request', detail: 'request: has too many problems to tell the first' });
    throw error;
  }
}

const LONGEST_DETAIL = 300;

function firstProblem(error: z.ZodError, into: string): Untranslatable {
  const issue = error.issues[0];
  const unknownKeys = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = fieldName([...(issue?.path ?? []), ...unknownKeys]);
  const hasNoEquivalent =
    unknownKeys.length > 0 || (issue?.code === 'invalid_union' && issue.message === UNION_MESSAGE);
  const problem = hasNoEquivalent ? `has no equivalent in ${into}` : (issue?.message ?? 'invalid');
  return { field, detail: `${field}: ${problem}`.slice(0, LONGEST_DETAIL) };
}

/** What zod says of a kind it does not know, when the schema says nothing better. */
const UNION_MESSAGE = 'Invalid input';

/** `messages[0].content[1].type` */
const fieldName = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
