import { _, type Ajv } from 'ajv';

/** Takes so many steps of a running validation, in fractions too; throws when there are none left. */
export type TakeSteps = (steps: number) => void;

export interface StepLimit {
  readonly take: TakeSteps;
  /** Has every schema that is compiled from now on take steps for what it does to a value. */
  install(ajv: Ajv): void;
  /** Runs a validation and ends it when it takes more than 100,000 steps, or more stack than there is. */
  run(validate: () => boolean): boolean | 'too-many';
}

/**
 * A small schema can ask for endless work: definitions that each refer to the next twice, thousands of alternatives for
 * each item of a long answer. So each schema takes a step for each thing it lists and each thing it meets, whenever a
 * value comes by it. A mistake takes a step at least, which bounds those that are kept, too.
 */
export function limitSteps(): StepLimit {
  // Without end while no validation runs: the schema itself is validated by Ajv's own.
  let left = Infinity;
  const take: TakeSteps = (steps) => {
    left -= steps;
    if (left < 0) throw new TooManySteps();
  };
  return {
    take,
    install: (ajv) => {
      install(ajv, take);
    },
    run(validate) {
      left = MAX_STEPS;
      try {
        return validate();
      } catch (error) {
        // A reference to itself never gets as far as taking steps.
        if (error instanceof TooManySteps || error instanceof RangeError) return 'too-many';
        throw error;
      } finally {
        left = Infinity;
      }
    },
  };
}

const MAX_STEPS = 100_000;
const STEP = 'x-spillway-step';

class TooManySteps extends Error {}

function install(ajv: Ajv, take: TakeSteps): void {
  const keywords = ajv.RULES.rules.flatMap(({ rules }) => rules.map(({ keyword }) => keyword));
  const meet = (listed: number, perEntry: number, value: unknown): void => {
    take(listed + sizeOf(value, perEntry));
  };
  ajv.addKeyword({
    keyword: STEP,
    before: '$ref',
    code({ gen, data, parentSchema }) {
      refuseLongLists(parentSchema);
      const met = gen.scopeValue('func', { ref: meet });
      gen.code(_`${met}(${listedIn(parentSchema)}, ${workPerEntry(parentSchema)}, ${data})`);
    },
  });
  // Stands for all keywords: it runs beside each, wherever a schema is, in places that only a reference makes one, too.
  // As an option of addKeyword this is for keywords that are nowhere else.
  const definition = ajv.getKeyword(STEP);
  if (typeof definition === 'object') definition.implements = keywords;
}

/** Ajv writes code of the square of these lists' length, gigabytes for 64 KB of names; it takes a throw as a refusal. */
function refuseLongLists(schema: object): void {
  for (const [keyword, value] of Object.entries(schema)) {
    const most =
      keyword === 'dependentRequired' || keyword === 'dependencies'
        ? Math.max(0, ...Object.values(value ?? {}).map((names) => (Array.isArray(names) ? names.length : 0)))
        : keyword.startsWith('unevaluated')
          ? entriesOf(schema, MAX_DEPTH) / 10
          : 0;
    if (most > MAX_LISTED) throw new Error(`"${keyword}" goes with too many names`);
  }
}

const MAX_LISTED = 100;

/** What a schema lists: its properties, its alternatives, all of its constants; not what those hold in turn. */
function listedIn(schema: object): number {
  let listed = 1;
  for (const [keyword, value] of Object.entries(schema)) {
    const isConstant = keyword === 'const' || keyword === 'enum';
    listed += isConstant ? entriesOf(value, MAX_DEPTH) : entriesOf(value, 1) + namesIn(value);
  }
  return listed;
}

const MAX_DEPTH = 64;

function entriesOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth === 0) return 0;
  const inner: readonly unknown[] = Object.values(value);
  return inner.reduce<number>((sum, each) => sum + entriesOf(each, depth - 1), inner.length);
}

/** Such as `dependentRequired` has below each property. */
const namesIn = (value: unknown): number =>
  Object.values(value ?? {}).reduce<number>((sum, each) => sum + (Array.isArray(each) ? each.length : 0), 0);

/** Each property is compared with all those that the schema tells of, in the places where Ajv keeps no set of them. */
const workPerEntry = (schema: object): number =>
  'unevaluatedProperties' in schema || 'unevaluatedItems' in schema
    ? 1 + Math.ceil(entriesOf(schema, MAX_DEPTH) / 16)
    : 1;

function sizeOf(value: unknown, perEntry: number): number {
  if (typeof value === 'string') return value.length / CHARACTERS_PER_STEP;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.length * perEntry;
  let size = 0;
  for (const key in value) size += perEntry + key.length / KEY_CHARACTERS_PER_STEP;
  return size;
}

const CHARACTERS_PER_STEP = 128;
/** Ajv writes the names of properties into places, character by character. */
const KEY_CHARACTERS_PER_STEP = 16;
