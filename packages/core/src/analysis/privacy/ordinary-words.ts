/** What stands in almost every request as the name of a field or its value, and is nothing a detector would find. */
export const ORDINARY_WORDS: readonly string[] = (
  'messages role content system developer user assistant tool type text prompt input max_tokens n stop seed stream ' +
  'max_completion_tokens temperature top_p tools tool_choice tool_calls tool_call_id function name arguments items ' +
  'description parameters properties required object string number integer boolean array enum response_format ' +
  'json_schema json_object schema strict reasoning_effort'
).split(' ');

/** Whether it is one of them. Longer texts are not even looked up: that would take a pass over each. */
export const isOrdinary = (text: string): boolean => text.length <= LONGEST && KNOWN.has(text);

const KNOWN: ReadonlySet<string> = new Set(ORDINARY_WORDS);
const LONGEST = Math.max(...ORDINARY_WORDS.map((word) => word.length));
