import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CliContext } from '../context.ts';
import { UsageError } from '../usage-error.ts';

/** The platform takes at most 16 MiB in one request. */
const MAX_BYTES = 16_777_216;

/** The text to submit: the words given, a file's, or stdin's. Refuses more than one source, and none. */
export async function readPrompt(
  words: readonly string[],
  { file }: { readonly file?: string },
  context: Pick<CliContext, 'cwd' | 'stdin' | 'signal'>,
): Promise<string> {
  const isDash = words.length === 1 && words[0] === '-';
  if (file !== undefined && words.length > 0) throw new UsageError('give a prompt or --file, not both');
  const text =
    file !== undefined ? await readPath(resolve(context.cwd, file)) : await readWords(words, isDash, context);
  if (text.trim() === '')
    throw new UsageError('the prompt is empty: give its words, --file PATH, or pipe it in');
  return text;
}

async function readWords(
  words: readonly string[],
  isDash: boolean,
  { stdin, signal }: Pick<CliContext, 'stdin' | 'signal'>,
): Promise<string> {
  if (words.length > 0 && !isDash) return words.join(' ');
  if (stdin.isTTY === true && !isDash) {
    throw new UsageError('no prompt: give its words, --file PATH, or pipe it in');
  }
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([readAll(stdin), aborted]);
}

async function readAll(stdin: CliContext['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw tooLarge('stdin');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readPath(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_BYTES) throw tooLarge(path);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

const tooLarge = (what: string): UsageError =>
  new UsageError(`${what} is larger than ${MAX_BYTES} bytes; for documents there is "spillway process"`);
