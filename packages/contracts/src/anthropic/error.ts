import { z } from 'zod';

/** The error envelope of the Anthropic faces. */
export const anthropicErrorSchema = z
  .strictObject({
    type: z.literal('error'),
    error: z.strictObject({
      type: z.enum([
        'invalid_request_error',
        'authentication_error',
        'permission_error',
        'not_found_error',
        'conflict_error',
        'request_too_large',
        'rate_limit_error',
        'api_error',
        'overloaded_error',
      ]),
      message: z.string(),
    }),
    request_id: z.string().nullable(),
  })
  .meta({ id: 'AnthropicError', description: "An error as Anthropic's API has it." });
export type AnthropicErrorBody = z.infer<typeof anthropicErrorSchema>;
