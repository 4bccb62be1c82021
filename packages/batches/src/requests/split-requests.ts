import { randomInt } from 'node:crypto';
import { err, ok, type Result } from '@spillway/core';
import { createPacer } from '../give-way.ts';
import { checkMessageLine } from '../input/check-message-line.ts';
import { parseJsonLine } from '../input/parse-json-line.ts';
import { createSeenIds } from '../input/seen-ids.ts';
import { RequestScanner } from './request-scanner.ts';

export interface RequestLimits {
  readonly mostRequests: number;
  /** Of one request, with its custom_id. */
  readonly mostRequestBytes: number;
}

export interface SplitRequest {
  readonly customId: string;
  /** The request as a line of an input file, without its line end. */
  readonly line: Buffer;
}

/** Why a body cannot be taken, as a text for the client that begins with the place; requests count from 0. */
export interface RequestsMistake {
  readonly kind: 'invalid' | 'too-large';
  readonly detail: string;
}

/**
 * The requests of an Anthropic message batch, one by one as the body comes in; a mistake is the last thing that comes.
 * Params are not judged: they may be anything that is an object.
 */
export async function* splitRequests(
  body: AsyncIterable<Uint8Array>,
  { mostRequests, mostRequestBytes }: RequestLimits,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<Result<SplitRequest, RequestsMistake>, void, undefined> {
  const scanner = new RequestScanner(mostRequestBytes);
  const seen = createSeenIds([randomInt(2 ** 32), randomInt(2 ** 32)]);
  const pacer = createPacer(signal);
  let index = 0;
  for await (const chunk of body) {
    for (const scanned of scanner.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))) {
      if (pacer.isDue()) await pacer.giveWay();
      if (scanned.kind === 'malformed') return yield invalid(scanned.detail);
      if (scanned.kind === 'too-large') {
        return yield tooLarge(`requests.${scanned.index}: must be at most ${mostRequestBytes} bytes`);
      }
      if (index === mostRequests) return yield tooLarge(`requests: must hold at most ${mostRequests}`);
      const request = readRequest(scanned.bytes);
      if (!request.ok) return yield invalid(`requests.${index}${request.error}`);
      const before = seen.note(request.value.customId, index + 1);
      if (before !== undefined) {
        return yield invalid(`requests.${index}.custom_id: is that of requests.${before - 1} too`);
      }
      yield request;
      index += 1;
    }
  }
  const missing = scanner.end();
  if (missing !== undefined) yield invalid(missing);
}

function readRequest(bytes: Buffer): Result<SplitRequest, string> {
  const value = parseJsonLine(bytes);
  if (!value.ok) return err(': must be valid JSON in UTF-8');
  const line = checkMessageLine(value.value);
  if (line.kind === 'mistake') return err(`.${line.mistake.param ?? ''}: ${line.mistake.message}`);
  return ok({ customId: line.customId, line: onOneLine(bytes) });
}

/** A line break in JSON stands between tokens, never in a string: a blank does as well. */
function onOneLine(bytes: Buffer): Buffer {
  for (const lineEnd of LINE_ENDS) {
    for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) bytes[at] = 0x20;
  }
  return bytes;
}

const LINE_ENDS = [0x0a, 0x0d] as const;

const invalid = (detail: string) => err({ kind: 'invalid', detail } as const);
const tooLarge = (detail: string) => err({ kind: 'too-large', detail } as const);
