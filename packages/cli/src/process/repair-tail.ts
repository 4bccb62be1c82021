import { open, type FileHandle } from 'node:fs/promises';

const BLOCK = 65_536;

export interface Tail {
  /** Bytes up to and with the last line end. */
  readonly wholeBytes: number;
  /** What stands after it; empty when the file ends as it should. */
  readonly text: string;
}

/** What stands after the last line end of a file, if anything. Creates the file when there is none. */
export async function readTail(path: string): Promise<Tail> {
  // "a+" creates, and reads anywhere
  await using file = await open(path, 'a+');
  const { size } = await file.stat();
  const wholeBytes = await lastLineStart(file, size);
  const tail = Buffer.alloc(size - wholeBytes);
  await file.read(tail, 0, tail.length, wholeBytes);
  return { wholeBytes, text: tail.toString('utf8') };
}

/** Makes the file end with a line end: its tail is `kept` as a line or cut off. */
export async function repairTail(path: string, { wholeBytes, text }: Tail, kept: boolean): Promise<void> {
  if (text === '') return;
  await using file = await open(path, 'r+');
  if (kept) await file.write('\n', (await file.stat()).size);
  else await file.truncate(wholeBytes);
  await file.sync();
}

/** Where the text after the last line end begins. */
async function lastLineStart(file: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(BLOCK);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - BLOCK);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const at = block.subarray(0, bytesRead).lastIndexOf(10);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}
