import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';
import { type FormFile, type FormShape, readForm } from './read-form.ts';

export interface OneFileSink<Stored> {
  /** Takes the file as it comes in. Aborted when the form is refused. */
  readonly store: (file: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<Stored>;
  /** Undoes a `store` that succeeded, when what came behind the file is refused. */
  readonly discard: (stored: Stored) => Promise<void>;
}

/** A form that has one file and no more: as `readForm`, and refuses one without. */
export async function readFileForm<Fields, Stored>(
  incoming: IncomingMessage,
  shape: Omit<FormShape<Fields>, 'mostFiles'>,
  { store, discard }: OneFileSink<Stored>,
): Promise<{ readonly fields: Fields; readonly file: FormFile<Stored> }> {
  const { fields, files } = await readForm(
    incoming,
    { ...shape, mostFiles: 1 },
    { store: (file, _index, signal) => store(file, signal), discard },
  );
  const [file] = files;
  if (file !== undefined) return { fields, file };
  const message = 'send a file';
  throw new Problem('invalid-request', `${shape.fileField}: ${message}`, {
    errors: [{ path: shape.fileField, message }],
  });
}
