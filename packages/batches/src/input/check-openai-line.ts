import { type Endpoint, ENDPOINTS, isJsonObject, type JsonObject } from '@spillway/core';
import { checkCustomId } from './check-custom-id.ts';
import { type LineMistake, mistake, quote } from './line-mistake.ts';

/** What a line of OpenAI's batch format says, as far as it could be read, and all that is wrong with it. */
export interface OpenAiLine {
  readonly customId: string | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly body: JsonObject | undefined;
  readonly model: string | undefined;
  readonly mistakes: readonly LineMistake[];
}

/** @param batchEndpoint that of the batch, which every line must name; undefined: any that a batch can have */
export function checkOpenAiLine(value: JsonObject, batchEndpoint: Endpoint | undefined): OpenAiLine {
  const mistakes: LineMistake[] = [];
  const { custom_id: customId, method, url, body } = value;
  const badId = checkCustomId(customId);
  if (badId !== undefined) mistakes.push(badId);
  if (method !== 'POST') mistakes.push(mistake('invalid_method', 'method must be "POST".', 'method'));
  const endpoint = BATCH_ENDPOINTS.find((one) => one === url);
  if (endpoint === undefined || (batchEndpoint !== undefined && endpoint !== batchEndpoint)) {
    mistakes.push(mistake('invalid_url', describeUrl(url, batchEndpoint), 'url'));
  }
  if (isJsonObject(body)) mistakes.push(...checkBody(body));
  else mistakes.push(invalidRequest('body must be an object: the request as the endpoint takes it.', 'body'));
  const model = isJsonObject(body) ? body['model'] : undefined;
  return {
    customId: badId === undefined && typeof customId === 'string' ? customId : undefined,
    endpoint,
    body: isJsonObject(body) ? body : undefined,
    model: typeof model === 'string' && model !== '' ? model : undefined,
    mistakes,
  };
}

const BATCH_ENDPOINTS = ENDPOINTS.filter((endpoint) => endpoint !== '/v1/messages');

function checkBody(body: JsonObject): readonly LineMistake[] {
  const mistakes: LineMistake[] = [];
  const { model, stream } = body;
  if (typeof model !== 'string' || model === '') {
    mistakes.push(invalidRequest('body.model must be the name of a model.', 'body.model'));
  }
  if (stream !== undefined && stream !== null && stream !== false) {
    mistakes.push(invalidRequest('body.stream must be left out: a batch answers whole.', 'body.stream'));
  }
  return mistakes;
}

const invalidRequest = (message: string, param: string): LineMistake =>
  mistake('invalid_request', message, param);

function describeUrl(url: unknown, batchEndpoint: Endpoint | undefined): string {
  const is = typeof url === 'string' ? `url is ${quote(url)}` : 'url is missing';
  return batchEndpoint === undefined
    ? `${is}: use one of ${BATCH_ENDPOINTS.join(', ')}.`
    : `${is}, and the batch's endpoint ${quote(batchEndpoint)}: they must be the same.`;
}
