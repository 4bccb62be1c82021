import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type InputRules, validateInput } from '@spillway/batches';

const RULES: InputRules = {
  face: 'openai',
  endpoint: '/v1/chat/completions',
  mostLines: 1_000_000,
  mostLineBytes: 1_048_576,
  mostEmbeddingInputs: 50_000,
  isServed: () => true,
  contextTokensOf: () => undefined,
};

const CHUNK_BYTES = 1_048_576;
const NEWLINE = 10;

/** Megabytes (10⁶ bytes) a second of a file that batch-worker's validation reads. Throws when it finds a mistake. */
export async function validationRate(path: string): Promise<number> {
  const startedAtMs = performance.now();
  const verdict = await validateInput(createReadStream(path, { highWaterMark: CHUNK_BYTES }), RULES, {
    signal: new AbortController().signal,
    writeIndex: async () => undefined,
  });
  if (verdict.kind === 'invalid')
    throw new Error(`the input has mistakes: ${JSON.stringify(verdict.mistakes[0])}`);
  return megabytesPerSecond(path, startedAtMs);
}

/** The same of the least anybody can do: find each line's end, and parse it. */
export async function parseRate(path: string): Promise<number> {
  const startedAtMs = performance.now();
  let rest: Buffer = Buffer.alloc(0);
  let parsed = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      JSON.parse(bytes.toString('utf8', from, end));
      parsed += 1;
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (parsed === 0) throw new Error('no line was parsed');
  return megabytesPerSecond(path, startedAtMs);
}

async function megabytesPerSecond(path: string, startedAtMs: number): Promise<number> {
  const ms = performance.now() - startedAtMs;
  return (await stat(path)).size / 1e3 / ms;
}
