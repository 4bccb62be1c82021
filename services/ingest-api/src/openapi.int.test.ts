import { readdirSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openTestApi } from './testing/open-test-api.ts';

const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        summary: z.string(),
        responses: z.record(z.string(), z.unknown()),
      }),
    ),
  ),
});

async function readDocument() {
  await using api = await openTestApi();
  return documentSchema.parse((await api.ask('/openapi.json', { tenant: null })).body);
}

const subfoldersOf = (face: string): readonly string[] =>
  readdirSync(new URL(face, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${face}/${name}`);

const camelCase = (kebab: string): string =>
  kebab.replaceAll(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());

describe('the description of the API', () => {
  test('is valid OpenAPI 3.1', async () => {
    const document = await readDocument();
    expect(document.openapi).toMatch(/^3\.1\./);
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect([valid, errors]).toEqual([true, undefined]);
  });

  test('has one operation for each file of a route, by its name, and no other', async () => {
    // A folder of a face holds a folder for each of its subjects; what else stands in it serves them.
    const folders = ['routes', ...['openai', 'anthropic', 'documents'].flatMap(subfoldersOf)];
    const files = folders
      .flatMap((folder) => readdirSync(new URL(folder, import.meta.url)))
      .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|^route-kit\.ts$|^register-/.test(name))
      .map((name) => camelCase(name.slice(0, -'.ts'.length)));
    const { paths } = await readDocument();
    const operations = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(operations.toSorted()).toEqual(files.toSorted());
  });

  test('says of every operation how it answers a missing key and a store that is away', async () => {
    const { paths } = await readDocument();
    for (const methods of Object.values(paths)) {
      for (const { responses } of Object.values(methods)) {
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '503']));
      }
    }
  });
});
