import { z } from 'zod';

export const candidateSchema = z
  .strictObject({
    backend: z.string(),
    location: z.enum(['local', 'cloud']),
    model: z.string().nullable(),
    /** The first filter that refused, with the numbers it looked at; null for a backend that could take the job. */
    refused_by: z.string().nullable(),
    because: z.string().nullable(),
    score: z.number().nullable(),
    components: z.record(z.string(), z.number()).nullable(),
  })
  .meta({ id: 'DecisionCandidate' });

/** Why a job was given to a backend, or kept. Written when it happened, from what the scheduler saw then. */
export const decisionSchema = z
  .strictObject({
    at: z.iso.datetime(),
    action: z.enum(['assign', 'hold', 'reject']),
    backend: z.string().nullable(),
    model: z.string().nullable(),
    fence: z.int().nullable(),
    trigger: z.enum(['local', 'overflow', 'cloud-only']).nullable(),
    why: z.string(),
    order: z.strictObject({
      rank: z.int(),
      class: z.string(),
      tenant: z.string(),
      tenant_virtual_tokens: z.number(),
      deadline_in_ms: z.int(),
      waited_ms: z.int(),
    }),
    features: z.strictObject({
      model: z.string(),
      pinned: z.boolean(),
      input_tokens: z.int(),
      output_tokens: z.int(),
    }),
    queue: z.strictObject({ depth: z.int(), overflowing: z.boolean() }),
    candidates: z.array(candidateSchema),
    config_version: z.string(),
    epoch: z.int(),
  })
  .meta({ id: 'Decision' });
export type DecisionBody = z.infer<typeof decisionSchema>;

export const decisionListSchema = z
  .strictObject({ object: z.literal('list'), data: z.array(decisionSchema) })
  .meta({ id: 'DecisionList' });
