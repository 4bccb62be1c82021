import type { Refusal } from '@spillway/admission';
import { type Config, problemSchema, type ProblemCode, PROBLEMS } from '@spillway/contracts';
import { type BatchId, type JobId, parseId } from '@spillway/core';
import type { IdempotencyKey, Submission } from '@spillway/redis';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { AuthVariables } from '../auth/authenticate.ts';
import { Problem } from '../http/problem.ts';

export interface AppEnv {
  /** The server's own request: what streams a large body reads it from here. */
  Bindings: { readonly incoming: IncomingMessage };
  Variables: AuthVariables;
}

/** The problem answers of a route, for its OpenAPI entry. */
export function problems(...codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  const entries = [...byStatus].map(([status, group]) => [
    status,
    {
      description: group.map((code) => `${code}: ${PROBLEMS[code].title}`).join('; '),
      content: { 'application/problem+json': { schema: problemSchema } },
    },
  ]);
  return Object.fromEntries(entries) as Record<
    400,
    { description: string; content: { 'application/problem+json': { schema: typeof problemSchema } } }
  >;
}

/** An id in a path is only looked at by the route: a malformed one is simply not there. */
export const pathIdSchema = z.strictObject({
  id: z.string().meta({ description: 'as an earlier answer gave it' }),
});

export function jobIdOf(raw: string): JobId {
  const id = parseId('JobId', raw);
  if (!id.ok) throw noSuchJob();
  return id.value;
}

export function batchIdOf(raw: string): BatchId {
  const id = parseId('BatchId', raw);
  if (!id.ok) throw noSuchBatch();
  return id.value;
}

export const noSuchJob = (): Problem =>
  new Problem('job-not-found', 'no job of yours has this id; it may have been kept for its time');

export const noSuchBatch = (): Problem =>
  new Problem('batch-not-found', 'no batch of yours has this id; it may have been kept for its time');

/** A whole number in a query, from 0: digits only, because Number() reads an empty text as 0. */
export const countSchema = z
  .string()
  .regex(/^\d{1,9}$/, { error: 'digits only, up to 999999999' })
  .transform(Number)
  .meta({ type: 'integer', minimum: 0 });

const LONGEST_KEY = 255;

/** The client's `Idempotency-Key` with the hash of what it sent under it. */
export function idempotencyOf(
  header: string | undefined,
  { idempotency_seconds: keepSeconds }: Config['retention'],
  ...parts: readonly string[]
): IdempotencyKey | undefined {
  if (header === undefined) return undefined;
  if (header.length === 0 || header.length > LONGEST_KEY) {
    throw new Problem('invalid-request', `Idempotency-Key must have 1 to ${LONGEST_KEY} characters`);
  }
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  // The key itself may be anything: only its hash becomes part of a name in the store.
  const key = createHash('sha256').update(header).digest('hex');
  return { key, bodyHash: hash.digest('hex'), keepMs: keepSeconds * 1000 };
}

/** What is refused before it is queued. */
export const refused = ({ code, path, detail }: Refusal): Problem =>
  new Problem(code, detail, { errors: [{ path, message: detail }] });

export const conflict = (): Problem =>
  new Problem('idempotency-conflict', 'use another Idempotency-Key for another body', {
    headers: { 'x-should-retry': 'false' },
  });

export const overQuota = (live: number, submitted: number, limit: number): Problem =>
  new Problem(
    'tenant-quota-exceeded',
    `${live} jobs are queued or running and ${submitted} would join them; at most ${limit} may be`,
    { headers: { 'retry-after': '5' } },
  );

/** More in a minute than the tenant may; the answer says when the next one would be taken. */
export const rateLimited = ({
  limit,
  retryAfterMs,
}: Extract<Submission, { kind: 'rate-limited' }>): Problem =>
  new Problem(
    'tenant-rate-limited',
    limit === 'requests'
      ? 'as many jobs were submitted in the last minute as this tenant may'
      : 'as many prompt tokens were submitted in the last minute as this tenant may',
    { headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) } },
  );
