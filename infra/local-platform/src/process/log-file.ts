import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const ROTATE_ABOVE_BYTES = 10 * 1024 * 1024;

export interface LogFile {
  write(chunk: Buffer | string): void;
  close(): Promise<void>;
}

/** Opens a log for appending; one that is over 10 MB is first put aside as `<path>.1`. */
export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_ABOVE_BYTES) renameSync(path, `${path}.1`);
  // prompts never stand in a log, yet names of tenants and jobs do
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // a full disk must not end the platform
  stream.on('error', () => {});
  return {
    write: (chunk) => void stream.write(chunk),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}
