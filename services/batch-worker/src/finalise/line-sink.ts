import type { BlobInfo } from '@spillway/blobs';
import type { BlobWriter } from '@spillway/batches';

/** Lines on their way into a blob, gathered into blocks worth a write. */
export interface LineSink {
  /** @param line without its end */
  write(line: string): Promise<void>;
  end(): Promise<BlobInfo>;
  abort(): Promise<void>;
}

const BLOCK_CHARACTERS = 262_144;

export function createLineSink(writer: BlobWriter): LineSink {
  let lines: string[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    const block = Buffer.from(`${lines.join('\n')}\n`);
    lines = [];
    characters = 0;
    await writer.write(block);
  };
  return {
    write: async (line) => {
      lines.push(line);
      characters += line.length;
      if (characters >= BLOCK_CHARACTERS) await flush();
    },
    end: async () => {
      await flush();
      return writer.end();
    },
    abort: () => writer.abort(),
  };
}
