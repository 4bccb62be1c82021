import { OpenAI } from 'openai';
import { createTransport } from './transport.ts';

/** An official client that reads nothing from the environment, never retries and never logs. */
export const createOpenAiClient = (baseURL: string, apiKey: string): OpenAI =>
  new OpenAI({
    ...createTransport(),
    adminAPIKey: null,
    apiKey,
    baseURL,
    organization: null,
    project: null,
    webhookSecret: null,
  });
