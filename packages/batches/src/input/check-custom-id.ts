import { type LineMistake, mistake } from './line-mistake.ts';

/** What is wrong with the name a client gave a line; undefined when nothing is. */
export function checkCustomId(customId: unknown): LineMistake | undefined {
  if (customId === undefined || customId === null) {
    return mistake(
      'missing_custom_id',
      'custom_id is missing: name every line, each with a name of its own.',
      PARAM,
    );
  }
  if (typeof customId === 'string' && customId.length > 0 && customId.length <= LONGEST) return undefined;
  return mistake('invalid_custom_id', `custom_id must be a text of 1 to ${LONGEST} characters.`, PARAM);
}

const PARAM = 'custom_id';

/** OpenAI publishes no limit; every id is written with its job, its outcome and its result. */
const LONGEST = 512;
