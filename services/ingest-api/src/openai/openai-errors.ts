import { openaiErrorSchema, type ProblemCode, PROBLEMS } from '@spillway/contracts';

const EVERY_ROUTE = ['missing-api-key', 'invalid-api-key', 'store-unavailable'] as const;

/** The error answers of a route of the OpenAI faces, for its OpenAPI entry; those that every route has are added. */
export function openaiErrors(...codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy([...codes, ...EVERY_ROUTE], (code) => PROBLEMS[code].status);
  const entries = [...byStatus].map(([status, group]) => [
    status,
    {
      description: group.map((code) => `${code.replaceAll('-', '_')}: ${PROBLEMS[code].title}`).join('; '),
      content: { 'application/json': { schema: openaiErrorSchema } },
    },
  ]);
  return Object.fromEntries(entries) as Record<
    400,
    { description: string; content: { 'application/json': { schema: typeof openaiErrorSchema } } }
  >;
}
