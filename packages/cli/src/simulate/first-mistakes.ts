const SHOWN = 10;

/** The first ten mistakes of a list as zod prints it, and how many more there are. */
export function firstMistakes(list: string): string {
  const places = Array.from(list.matchAll(/^✖ /gm), ({ index }) => index);
  const end = places[SHOWN];
  return end === undefined ? list : `${list.slice(0, end)}and ${places.length - SHOWN} more`;
}
