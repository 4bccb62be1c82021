import type { BatchLine } from '../load/batch-client.ts';

/** What a batch came to, line by line, as its two files tell it. */
export interface BatchResults {
  readonly output: readonly LineResult[];
  readonly errors: readonly LineResult[];
}

/** One line of a result file, as much of it as is judged. */
export interface LineResult {
  readonly customId: string;
  /** Of the answer; undefined when there was none. */
  readonly statusCode: number | undefined;
  /** Of a line that was not answered: `batch_cancelled`, … */
  readonly errorCode: string | undefined;
  /** The digest of the input that was answered. */
  readonly digest: string | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export function toLineResult({ custom_id: customId, response, error }: BatchLine): LineResult {
  const usage = readUsage(response?.body['usage']);
  return {
    customId,
    statusCode: response?.status_code,
    errorCode: error?.code,
    digest: DIGEST.exec(JSON.stringify(response?.body ?? {}))?.[1],
    ...usage,
  };
}

/** As the simulators begin their answers. */
const DIGEST = /\[simulated[a-z ]*\] ([0-9a-f]{12})/;

function readUsage(usage: unknown): Pick<LineResult, 'inputTokens' | 'outputTokens'> {
  const { prompt_tokens: input, completion_tokens: output } = (usage ?? {}) as Readonly<
    Record<'prompt_tokens' | 'completion_tokens', unknown>
  >;
  return { inputTokens: Number(input ?? 0), outputTokens: Number(output ?? 0) };
}
