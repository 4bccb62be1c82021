import type { InferenceRequest, JsonObject } from '@spillway/core';

/** The body as it came, but under the backend's name for the model, and never as a stream. */
export const bodyToSend = ({ body, model }: InferenceRequest): JsonObject => ({
  ...Object.fromEntries(
    Object.entries(body).filter(([field]) => field !== 'stream' && field !== 'stream_options'),
  ),
  model,
});
