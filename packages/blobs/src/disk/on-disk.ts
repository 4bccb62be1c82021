import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';

/** Awaits work of the file system; what the system refuses becomes `BlobStoreUnavailable`. */
export async function onDisk<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw refusalOf(error) === undefined ? error : new BlobStoreUnavailable(error);
  }
}

/** As `onDisk`, with undefined where one of these refusals was to be expected. */
export async function unlessRefused<Value>(
  refusals: readonly string[],
  work: Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    if (refusals.includes(refusal)) return undefined;
    throw new BlobStoreUnavailable(error);
  }
}

/** As `unlessRefused`, for work without a value: whether it was done. */
export async function wasDone(refusals: readonly string[], work: Promise<void>): Promise<boolean> {
  return (
    (await unlessRefused(
      refusals,
      work.then(() => true),
    )) ?? false
  );
}

/** There is no such file, or its folder is none. */
export const MISSING = ['ENOENT', 'ENOTDIR'];

/** The system's code when it was the system that refused, not Node that found a mistake of ours. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
