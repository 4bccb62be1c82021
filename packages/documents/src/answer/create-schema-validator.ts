import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { err, ok, type Result } from '@spillway/core';
import { isDeeperThan } from './is-deeper-than.ts';
import { linearPattern } from './linear-pattern.ts';
import { limitSteps, type TakeSteps } from './limit-steps.ts';
import { refuseSchema } from './refuse-schema.ts';
import { uniqueItems } from './unique-items.ts';

/** The value as it is, or what is wrong with it: 10 sentences at most, each beginning with the place. */
export type ValidateAnswer = (value: unknown) => Result<unknown, readonly string[]>;

/**
 * Makes a validator of a JSON Schema (2020-12, or draft-07 where `$schema` says so). A schema is a stranger's program:
 * refused are those above 64 KB, 64 levels deep, with references to elsewhere, or with patterns that backtrack; and a
 * validation that takes more than 100,000 steps, or meets more than 4 MB, ends as a failure.
 */
export function createSchemaValidator(schema: unknown): Result<ValidateAnswer, string> {
  const checked = refuseSchema(schema);
  if (!checked.ok) return checked;
  const steps = limitSteps();
  try {
    const options = ajvOptions(steps.take);
    const ajv = checked.value.isDraft07 ? new Ajv(options) : new Ajv2020(options);
    formats.default(ajv);
    ajv.removeKeyword('uniqueItems').addKeyword(uniqueItems(steps.take));
    steps.install(ajv);
    const validate = ajv.compile(checked.value.schema);
    return ok((value) => {
      if (isDeeperThan(value, MAX_DEPTH)) return err([`nests deeper than ${MAX_DEPTH} levels`]);
      if (bytesOf(value) > MAX_BYTES) return err([`is above ${MAX_BYTES} bytes`]);
      const outcome = steps.run(() => validate(value));
      if (outcome === 'too-many') return err(['the schema asks for too much work on this value']);
      return outcome ? ok(value) : err((validate.errors ?? []).slice(0, MAX_ERRORS).map(sentence));
    });
  } catch (error) {
    // Ajv says what is wrong with a schema by throwing; the schema is the tenant's own.
    const detail = error instanceof Error ? error.message : String(error);
    return err(`not a usable schema: ${detail.slice(0, MAX_DETAIL)}`);
  }
}

const MAX_DEPTH = 256;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ERRORS = 10;
const MAX_DETAIL = 500;

const ajvOptions = (take: TakeSteps): Options => ({
  strict: false,
  allErrors: true,
  logger: false,
  inlineRefs: false,
  code: { regExp: linearPattern(take) },
});

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** Says what was allowed where the schema lists it, so that the sentence can be handed to a model as it is. */
function sentence({ instancePath, message = 'is wrong', params }: ErrorObject): string {
  const place = instancePath === '' ? 'the answer' : instancePath.slice(0, MAX_DETAIL);
  const { allowedValues, additionalProperty } = params as Readonly<Record<string, unknown>>;
  const more = allowedValues ?? additionalProperty;
  return `${place} ${message}${more === undefined ? '' : ` (${JSON.stringify(more).slice(0, MAX_DETAIL)})`}`;
}
