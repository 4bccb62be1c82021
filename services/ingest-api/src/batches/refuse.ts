import { Problem } from '../http/problem.ts';

/** A member of the request that cannot be used, in every face's words for it. */
export const refuse = (path: string, message: string): Problem =>
  new Problem('invalid-request', `${path}: ${message}`, { errors: [{ path, message }] });
