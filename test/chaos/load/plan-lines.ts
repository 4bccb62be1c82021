import { simulatedDigest } from '@spillway/engine-sim';
import type { Random } from '../../src/random.ts';
import type { PlannedLine } from './planned-batch.ts';

const ENDPOINT = '/v1/chat/completions';
/** The simulators write 30 to 256 tokens unless they are told to write less. */
const LONGEST_TOKENS = 256;
/** A detector pins what holds an address. */
const PERSONAL = ' Send it to anna.berg@example.com.';

/**
 * One line with a text of its own. Mixed: mostly short, some long, some pinned by what they say, some that no engine
 * takes. Long: of a batch that is pinned as a whole.
 */
export function planLine(
  random: Random,
  batchKey: string,
  index: number,
  kind: 'mixed' | 'long',
): PlannedLine {
  const manner = random.next();
  const isPersonal = manner < 0.12;
  const refused = manner >= 0.12 && manner < 0.16;
  const isLong = manner >= 0.16 && manner < 0.2;
  const content =
    `Line ${index} of ${batchKey}: what does paragraph ${random.whole(1, 900)} say?` +
    (isPersonal ? PERSONAL : '');
  const customId = `${batchKey}-line-${index}`;
  const body = {
    model: 'auto',
    max_tokens: kind === 'long' ? LONGEST_TOKENS : isLong ? random.whole(60, 120) : random.whole(1, 8),
    messages: [{ role: 'user', content }],
    // the simulators answer one choice and refuse to give more
    ...(refused && { n: 2 }),
  };
  return {
    customId,
    text: JSON.stringify({ custom_id: customId, method: 'POST', url: ENDPOINT, body }),
    digest: simulatedDigest(content),
    localOnly: isPersonal || kind === 'long',
    refused,
  };
}

/** Each way to spoil a line, with the code it has to be refused with. */
const SPOILERS: readonly {
  readonly code: string;
  readonly spoil: (text: string, first: string) => string;
}[] = [
  { code: 'invalid_json_line', spoil: (text) => text.slice(0, -1) },
  { code: 'duplicate_custom_id', spoil: (_text, first) => first },
  { code: 'invalid_url', spoil: (text) => text.replace(`"${ENDPOINT}"`, '"/v1/embeddings"') },
  { code: 'model_not_found', spoil: (text) => text.replace('"auto"', '"no-such-model"') },
];

/** Spoils one to four lines other than the first, each in its own way. */
export function spoilLines(
  random: Random,
  lines: readonly PlannedLine[],
): {
  readonly lines: readonly PlannedLine[];
  readonly mistakes: readonly { readonly line: number; readonly code: string }[];
} {
  const first = lines[0]?.text ?? '';
  const wanted = random.whole(1, SPOILERS.length);
  const at = new Set<number>();
  while (at.size < wanted) at.add(random.whole(1, lines.length - 1));
  const spoilt = new Map([...at].map((index, nth) => [index, SPOILERS[nth]]));
  return {
    lines: lines.map((line, index) => {
      const spoiler = spoilt.get(index);
      return spoiler === undefined ? line : { ...line, text: spoiler.spoil(line.text, first) };
    }),
    mistakes: [...spoilt]
      .toSorted(([a], [b]) => a - b)
      .map(([index, spoiler]) => ({ line: index + 1, code: spoiler?.code ?? '' })),
  };
}
