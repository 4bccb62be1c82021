import { z } from 'zod';

/** The error envelope of the OpenAI faces; the SDK reads all four members. */
export const openaiErrorSchema = z
  .strictObject({
    error: z.strictObject({
      message: z.string(),
      type: z.enum(['invalid_request_error', 'rate_limit_error', 'server_error']),
      /** The member of the request that is wrong. */
      param: z.string().nullable(),
      /** The code of the problem, in snake case. */
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'OpenAIError', description: "An error as OpenAI's API has it." });
export type OpenAIErrorBody = z.infer<typeof openaiErrorSchema>;
