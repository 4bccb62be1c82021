import { createHash } from 'node:crypto';
import { idFromUuid, type JobId } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';

/**
 * One job of a document. Level 0 reads the document, each level above puts the answers of the one below together, and
 * the level that has one step only gives the document's answer.
 */
export interface Step {
  readonly level: number;
  /** Which of its level, from 0. */
  readonly index: number;
  /** Asked again, without a response format: the engine refused it. */
  readonly plain: boolean;
  /** Asked again, because the answer did not follow the schema. */
  readonly repair: boolean;
}

/** The step as it is asked first. */
export const firstAsk = (level: number, index: number): Step => ({
  level,
  index,
  plain: false,
  repair: false,
});

/** As the job's record holds it. */
export const stepName = ({ level, index, plain, repair }: Step): string =>
  `${level}.${index}${plain ? 'p' : ''}${repair ? 'r' : ''}`;

/** The other direction; undefined for a name this version did not write. */
export function parseStepName(name: string): Step | undefined {
  const found = NAME.exec(name);
  if (found === null) return undefined;
  const [, level, index, plain, repair] = found;
  return { level: Number(level), index: Number(index), plain: plain === 'p', repair: repair === 'r' };
}

const NAME = /^(\d{1,2})\.(\d{1,6})(p?)(r?)$/u;

/**
 * The job of a step has an id that anybody can work out: so whoever goes on with a document finds its other steps, and
 * nobody makes one twice. Ids sort by age of the batch and then by document: of jobs with the same deadline, those of
 * earlier documents run first, and so documents are finished and not all begun.
 */
export function stepJobId(
  { id, createdAtMs }: Pick<BatchRecord, 'id' | 'createdAtMs'>,
  line: number,
  step: Step,
): JobId {
  const time = hex(createdAtMs, 12);
  const place = hex(line, 6);
  const rest = createHash('sha256')
    .update(`${id} ${line} ${stepName(step)}`)
    .digest('hex')
    .slice(0, 12);
  // With the version and variant bits of a UUIDv8 (RFC 9562 §5.8): the rest is ours to fill.
  return idFromUuid('JobId', `${time}8${place.slice(0, 3)}8${place.slice(3)}${rest}`);
}

const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(digits, '0').slice(-digits);
