import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SAMPLE_JOB, SAMPLE_MODEL } from '../common/sample-job.ts';

/** Writes a batch input of so many lines, each of about `lineBytes`. */
export async function writeInput(path: string, lines: number, lineBytes: number): Promise<void> {
  const [system, user] = SAMPLE_JOB.request.messages;
  const frame = JSON.stringify(lineOf(0, '')).length;
  const text = user.content
    .repeat(Math.ceil(lineBytes / user.content.length))
    .slice(0, Math.max(1, lineBytes - frame));
  function* blocks(): Generator<string> {
    for (let from = 0; from < lines; from += BLOCK) {
      let block = '';
      for (let line = from; line < Math.min(lines, from + BLOCK); line += 1) {
        block += `${JSON.stringify(lineOf(line, text))}\n`;
      }
      yield block;
    }
  }
  function lineOf(line: number, content: string) {
    return {
      custom_id: `line-${line}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: SAMPLE_MODEL, max_tokens: 16, messages: [system, { role: 'user', content }] },
    };
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path));
}

const BLOCK = 500;
