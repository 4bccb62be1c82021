import type { Result } from '@spillway/core';
import { UsageError } from '../usage-error.ts';

/** The value, or the failure as what the command line has to answer. */
export function orUsageError<Value>(result: Result<Value, string>): Value {
  if (result.ok) return result.value;
  throw new UsageError(result.error);
}
