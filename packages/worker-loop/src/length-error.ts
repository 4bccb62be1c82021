/** How far the length of an answer was from what the plan had taken it for. */
export interface LengthError {
  readonly direction: 'short' | 'long';
  readonly tokens: number;
}

/**
 * Undefined where nothing was predicted, and of an answer without tokens: nobody counted, or the job has none. One of
 * just that length is long by nothing. The record of the attempt has the same: see `settle-job.lua`.
 */
export const lengthError = (predictedTokens: number | undefined, tokens: number): LengthError | undefined =>
  predictedTokens === undefined || tokens === 0
    ? undefined
    : {
        direction: tokens < predictedTokens ? 'short' : 'long',
        tokens: Math.abs(tokens - predictedTokens),
      };
