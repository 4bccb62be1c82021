import { JOB_CLASSES, ROUTING_STRATEGIES, SCORER_NAMES, type Trigger } from '@spillway/core';
import { z } from 'zod';

const instant = z.iso.datetime();
const usd = z.number();

/** What sent a job where it went. */
const TRIGGERS = [
  'local',
  'slack',
  'displaced',
  'depth',
  'local-down',
  'cloud-only',
  'strategy',
] as const satisfies readonly Trigger[];

export const candidateSchema = z
  .strictObject({
    backend: z.string(),
    location: z.enum(['local', 'cloud']),
    model: z.string().nullable(),
    /** The first filter that refused, with the numbers it looked at; null for a backend that could take the job. */
    refused_by: z.string().nullable(),
    because: z.string().nullable(),
    score: z.number().nullable().meta({ description: 'the weighted sum of the components; highest wins' }),
    components: z.partialRecord(z.enum(SCORER_NAMES), z.number()).nullable(),
    finish_in_ms: z.int().nullable().meta({ description: 'predicted, from the instant of the decision' }),
    parts: z.strictObject({ queue_ms: z.int(), prefill_ms: z.int(), decode_ms: z.int() }).nullable(),
    cached_tokens: z
      .int()
      .nullable()
      .meta({ description: 'prompt tokens that its prefix cache probably holds' }),
    cost_usd: usd.nullable().meta({ description: 'null when nobody knows the price' }),
  })
  .meta({ id: 'DecisionCandidate' });
export type CandidateBody = z.infer<typeof candidateSchema>;

/** What became of an assignment, once its attempt has ended. */
export const decisionOutcomeSchema = z
  .strictObject({
    finished_at: instant,
    prediction_error_ms: z.int().nullable().meta({
      description: 'finished less predicted: negative when it was early; null for a failed attempt',
    }),
    output_error_tokens: z.int().nullable().meta({
      description:
        'tokens of the answer less predicted: negative when it was short; null for a failed attempt, and where nobody counted',
    }),
    cost_usd: usd.nullable(),
    counterfactual_usd: usd.nullable().meta({
      description: 'what the tokens it used would have cost at the cheapest cloud it could have used',
    }),
    saved_usd: usd.nullable(),
  })
  .meta({ id: 'DecisionOutcome' });
export type DecisionOutcome = z.infer<typeof decisionOutcomeSchema>;

/** Why a job was given to a backend, or kept. Written when it happened, from what the scheduler saw then. */
export const decisionSchema = z
  .strictObject({
    at: instant,
    action: z.enum(['assign', 'hold', 'reject']),
    backend: z.string().nullable(),
    model: z.string().nullable(),
    fence: z.int().nullable(),
    trigger: z.enum(TRIGGERS).nullable(),
    why: z.string(),
    order: z.strictObject({
      rank: z.int().meta({ description: '1 for the first job that this plan considered' }),
      class: z.enum(JOB_CLASSES),
      competes_as: z.enum(JOB_CLASSES),
      promoted: z
        .boolean()
        .meta({ description: 'competes in a more urgent class: little of its time is left' }),
      aged: z.boolean().meta({ description: 'has waited longer than the bound of its class' }),
      tenant: z.string(),
      tenant_virtual_tokens: z.number(),
      deadline_in_ms: z.int(),
      waited_ms: z.int(),
    }),
    features: z.strictObject({
      model: z.string(),
      task: z.string(),
      pinned: z.boolean(),
      strategy: z.enum(ROUTING_STRATEGIES),
      input_tokens: z.int(),
      output_tokens: z.int().meta({ description: 'the most that the answer may take' }),
      output_p50: z.int().meta({ description: 'what the answer is taken for' }),
      output_p90: z.int().meta({ description: 'what the engine keeps room for' }),
      prefix_blocks: z.int(),
    }),
    queue: z.strictObject({ depth: z.int(), overflowing: z.boolean() }),
    local_finish_in_ms: z
      .int()
      .nullable()
      .meta({ description: 'when local hardware would have it ready; null where none could' }),
    candidates: z.array(candidateSchema),
    counterfactual: z
      .strictObject({ cloud_usd: usd })
      .nullable()
      .meta({ description: 'what the cheapest cloud would have cost, predicted' }),
    outcome: decisionOutcomeSchema.nullable(),
    config_version: z.string(),
    epoch: z.int(),
  })
  .meta({ id: 'Decision' });
export type DecisionBody = z.infer<typeof decisionSchema>;

export const decisionListSchema = z
  .strictObject({ object: z.literal('list'), data: z.array(decisionSchema) })
  .meta({ id: 'DecisionList' });

/** What would happen to a job if it were submitted now. Nothing is written and nothing is charged. */
export const explanationSchema = z
  .strictObject({
    object: z.literal('explanation'),
    dry_run: z.literal(true),
    decision: decisionSchema,
    queue_position: z.int().nullable().meta({ description: 'null for a job that would not wait' }),
    estimated_finish_at: instant.nullable(),
  })
  .meta({ id: 'Explanation' });
export type ExplanationBody = z.infer<typeof explanationSchema>;
