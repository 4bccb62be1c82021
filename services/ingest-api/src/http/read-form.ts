import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { z } from 'zod';
import { invalidRequest } from './invalid-request.ts';
import { bodyCutShort, tooLarge } from './limit-body.ts';
import { Problem } from './problem.ts';
import { readBody } from './read-body.ts';

export interface FormShape<Fields> {
  /** The fields beside the file. */
  readonly fields: z.ZodType<Fields>;
  /** Of one field. */
  readonly fieldBytes: number;
  /** The field that holds the files. */
  readonly fileField: string;
  readonly mostFiles: number;
  /** Of the whole body: the files, and room for the rest of the form. */
  readonly mostBytes: number;
  /** What answers files beyond that; `store` may refuse it sooner. */
  readonly fileTooLarge: () => Problem;
  /** The longest that a client may send nothing while it is being read. */
  readonly idleMs: number;
}

export interface FormFile<Stored> {
  /** As the client named it: a label. */
  readonly filename: string;
  /** What `store` made of it. */
  readonly stored: Stored;
}

/** A multipart form; its fields may stand before the files and behind them. */
export interface Form<Fields, Stored> {
  readonly fields: Fields;
  /** In the order they were sent. */
  readonly files: readonly FormFile<Stored>[];
}

export interface FileSink<Stored> {
  /** Takes a file as it comes in; what it does not take yet stays with the client. Aborted when the form is refused. */
  readonly store: (file: AsyncIterable<Uint8Array>, index: number, signal: AbortSignal) => Promise<Stored>;
  /** Undoes a `store` that succeeded, when what came behind the file is refused. */
  readonly discard: (stored: Stored) => Promise<void>;
}

/**
 * Reads a multipart form straight from the connection, and hands its files on as streams, so that large ones cost no
 * memory; web streams take twice the time. Throws the problem that answers anything else than such a form, once nothing
 * is left of its files.
 */
export async function readForm<Fields, Stored>(
  incoming: IncomingMessage,
  shape: FormShape<Fields>,
  sink: FileSink<Stored>,
): Promise<Form<Fields, Stored>> {
  const parser = openParser(incoming.headers, shape);
  const fields = new Map<string, string>();
  const files: OpenFile<Stored>[] = [];
  const storing = new Set<Promise<unknown>>();
  const cut = new AbortController();
  const ended = Promise.withResolvers<undefined>();

  const refuse = (error: unknown): void => {
    ended.reject(error);
    cut.abort(error);
  };
  const wrong = (path: string, message: string): void => refuse(wrongForm(path, message));
  const begin = (stream: Readable, filename: string): void => {
    const stored = sink.store(stream, files.length, cut.signal);
    files.push({ stream, filename, stored });
    const settled = stored.then(() => undefined, refuse).finally(() => storing.delete(settled));
    storing.add(settled);
  };
  parser.on('file', (name: string | undefined, stream, filename: string | undefined) => {
    // Its errors come by way of whoever reads it.
    stream.on('error', () => undefined);
    // What the parser makes of the rest of a refused chunk.
    if (cut.signal.aborted) return void stream.destroy();
    if (name !== shape.fileField) return wrong(name ?? '', 'not a field of this form');
    if (files.length === shape.mostFiles) return refuse(tooMany(shape));
    begin(stream, filename ?? '');
  });
  parser.on('field', (name: string | undefined, value, _nameTruncated, isTruncated) => {
    if (name === undefined) return wrong('', 'a part has no name');
    if (name === shape.fileField) return wrong(name, 'not a file: its part has no file name');
    if (isTruncated) return wrong(name, `at most ${shape.fieldBytes} bytes`);
    if (fields.has(name)) return wrong(name, 'given more than once');
    fields.set(name, value);
  });
  parser.on('partsLimit', () => wrong('', `at most ${mostPartsOf(shape)} parts`));
  parser.on('error', (error) => refuse(notAForm(error)));
  parser.on('finish', () => ended.resolve(undefined));

  const onClose = (): void => {
    if (!incoming.readableEnded) refuse(bodyCutShort(incoming.errored));
  };
  incoming.on('close', onClose).on('error', onClose);
  const body = readBody(incoming, {
    mostBytes: shape.mostBytes,
    idleMs: shape.idleMs,
    tooLong: () => (files.length > 0 ? shape.fileTooLarge() : tooLarge(shape.mostBytes)),
    signal: cut.signal,
  });
  const fed = feed(parser, body, storing, cut.signal).catch(refuse);
  try {
    await Promise.all([ended.promise, fed]);
    const parsed = shape.fields.safeParse(Object.fromEntries(fields));
    if (!parsed.success) throw invalidRequest(parsed.error);
    const stored = await Promise.all(files.map((file) => file.stored));
    return {
      fields: parsed.data,
      files: files.map(({ filename }, index) => ({ filename, stored: stored[index] as Stored })),
    };
  } catch (error) {
    cut.abort(error);
    await Promise.all(files.map((file) => takeBack(file, sink)));
    await fed;
    throw error;
  } finally {
    incoming.off('close', onClose);
  }
}

interface OpenFile<Stored> {
  readonly stream: Readable;
  readonly filename: string;
  readonly stored: Promise<Stored>;
}

/** Files written at once, beside those that one reading of the connection begins on top. */
const MOST_STORING = 8;

/**
 * Hands the body to the parser chunk by chunk. The only one to read it, and not by `pipe`: unpiped from inside a write
 * that returned false, a body with any other reader flows on to that reader alone, past the parser.
 */
async function feed(
  parser: Writable,
  body: AsyncIterable<Uint8Array>,
  storing: ReadonlySet<Promise<unknown>>,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of body) {
    if (!parser.write(chunk)) await once(parser, 'drain', { signal });
    // Thousands of small files fit into what one reading of the connection brings: more of them wait for these.
    while (storing.size >= MOST_STORING) await Promise.race(storing);
    signal.throwIfAborted();
  }
  parser.end();
}

async function takeBack<Stored>({ stream, stored }: OpenFile<Stored>, sink: FileSink<Stored>): Promise<void> {
  stream.destroy();
  await stored.then(
    (value) => sink.discard(value),
    () => undefined,
  );
}

/** Fields beside the files. */
const MOST_FIELDS = 16;
const LONGEST_NAME = 200;

const mostPartsOf = ({ mostFiles }: FormShape<unknown>): number => mostFiles + MOST_FIELDS;

function openParser(headers: IncomingMessage['headers'], shape: FormShape<unknown>) {
  if (!/^multipart\/form-data\b/i.test(headers['content-type'] ?? '')) {
    throw new Problem('unsupported-media-type', 'send multipart/form-data');
  }
  try {
    return new Busboy({
      headers: headers as BusboyHeaders,
      preservePath: true,
      fileHwm: 1_048_576,
      limits: { fieldSize: shape.fieldBytes, parts: mostPartsOf(shape), headerPairs: 32, headerSize: 16_384 },
    });
  } catch (error) {
    throw notAForm(error);
  }
}

const tooMany = ({ mostFiles, fileField }: FormShape<unknown>): Problem =>
  mostFiles === 1
    ? wrongForm(fileField, 'send one file')
    : new Problem('request-too-large', `at most ${mostFiles} files fit one form: send several`);

const notAForm = (cause: unknown): Problem =>
  new Problem(
    'invalid-request',
    'the body is not a valid form: RFC 7578 describes multipart/form-data',
    {},
    cause,
  );

function wrongForm(path: string, message: string): Problem {
  const named = path.length > LONGEST_NAME ? `${path.slice(0, LONGEST_NAME)}…` : path;
  return new Problem('invalid-request', `${named || 'body'}: ${message}`, {
    errors: [{ path: named, message }],
  });
}
