import type { RequestListener } from 'node:http';
import type { JsonObject } from '@spillway/core';

export interface Sent {
  readonly path: string;
  readonly body: JsonObject;
}

/** One canned answer with status 200, and what was sent to get it. */
export const recording =
  (sent: Sent[], answer: JsonObject): RequestListener =>
  (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
      sent.push({ path: request.url ?? '', body });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  };
