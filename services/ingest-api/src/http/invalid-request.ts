import type { z } from 'zod';
import { Problem } from './problem.ts';

/** A body, query or form that does not match its schema, with the path of every mistake. */
export function invalidRequest(error: z.core.$ZodError, prefix: readonly PropertyKey[] = []): Problem {
  const errors = error.issues.flatMap((issue) => toErrors(issue, prefix)).slice(0, MOST_ERRORS);
  const first = errors[0];
  const detail =
    first === undefined ? 'the request does not match' : `${first.path || 'body'}: ${first.message}`;
  return new Problem('invalid-request', detail, { errors });
}

const MOST_ERRORS = 20;
/** The names of a client's fields come back in the paths, however long they are. */
const LONGEST_PATH = 200;

function toErrors(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]) {
  const path = (...more: readonly PropertyKey[]): string =>
    shorten([...prefix, ...issue.path, ...more].map(String).join('.'));
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: path(key), message: 'unknown field' }))
    : [{ path: path(), message: issue.message }];
}

const shorten = (path: string): string =>
  path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
