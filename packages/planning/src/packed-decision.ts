import { type CandidateBody, type DecisionBody, decisionSchema } from '@spillway/contracts';
import { SCORER_NAMES } from '@spillway/core';
import { z } from 'zod';
import { NOT_SCORED } from './not-scored.ts';

/**
 * A decision as the store keeps it: what is read often stands where the API has it, and the candidates are rows of
 * figures that name each text once. With 50 backends that is a fifth of the size, and less for Redis to take in.
 */
const packedSchema = z.looseObject({
  v: z.literal(1),
  texts: z.array(z.string()),
  candidates: z.array(
    z.union([
      /** backend, is local, code, because. */
      z.tuple([z.int(), z.int(), z.int(), z.int()]),
      /** backend, is local, model, score, components, finish, queue, prefill, decode, cached tokens, cost. */
      z.tuple([
        z.int(),
        z.int(),
        z.int(),
        z.number(),
        z.array(z.number()),
        z.int(),
        z.int(),
        z.int(),
        z.int(),
        z.int(),
        z.number().nullable(),
      ]),
    ]),
  ),
});
type Row = z.infer<typeof packedSchema>['candidates'][number];

/** The text that is stored of a decision. */
export function packDecision({ candidates, outcome: _outcome, ...decision }: DecisionBody): string {
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const rows = candidates.map((candidate): Row => pack(candidate, placeOf));
  return JSON.stringify({ v: 1, ...decision, texts: [...places.keys()], candidates: rows });
}

/** The other direction, without an outcome; undefined for a text that another version wrote. */
export function unpackDecision(text: string): DecisionBody | undefined {
  const packed = packedSchema.safeParse(JSON.parse(text));
  if (!packed.success) return undefined;
  const { v: _version, texts, candidates, ...decision } = packed.data;
  const textAt = (place: number): string => texts[place] ?? '';
  const whole = { ...decision, candidates: candidates.map((row) => unpack(row, textAt)), outcome: null };
  return decisionSchema.safeParse(whole).data;
}

function pack(candidate: CandidateBody, placeOf: (text: string) => number): Row {
  const backend = placeOf(candidate.backend);
  const isLocal = Number(candidate.location === 'local');
  const { parts, components, score, refused_by: code } = candidate;
  if (code !== null) return [backend, isLocal, placeOf(code), placeOf(candidate.because ?? '')];
  return [
    backend,
    isLocal,
    placeOf(candidate.model ?? ''),
    score ?? 0,
    SCORER_NAMES.map((name) => components?.[name] ?? 0),
    candidate.finish_in_ms ?? 0,
    parts?.queue_ms ?? 0,
    parts?.prefill_ms ?? 0,
    parts?.decode_ms ?? 0,
    candidate.cached_tokens ?? 0,
    candidate.cost_usd,
  ];
}

function unpack(row: Row, textAt: (place: number) => string): CandidateBody {
  const backend = textAt(row[0]);
  const location = row[1] === 1 ? 'local' : 'cloud';
  if (row.length === 4) {
    return { backend, location, ...NOT_SCORED, refused_by: textAt(row[2]), because: textAt(row[3]) };
  }
  const [, , model, score, components, finish, queue, prefill, decode, cached, cost] = row;
  return {
    backend,
    location,
    model: textAt(model),
    refused_by: null,
    because: null,
    score,
    components: Object.fromEntries(SCORER_NAMES.map((name, index) => [name, components[index] ?? 0])),
    finish_in_ms: finish,
    parts: { queue_ms: queue, prefill_ms: prefill, decode_ms: decode },
    cached_tokens: cached,
    cost_usd: cost,
  };
}
