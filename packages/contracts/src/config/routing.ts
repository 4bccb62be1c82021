import { DEFAULT_POLICY, PRIVACY_DETECTORS } from '@spillway/core';
import { z } from 'zod';
import { strategiesSchema } from './strategies.ts';

const {
  overflow,
  promotion,
  maxWaitMs,
  groupRun,
  pinnedGuardMs,
  shareTolerance,
  kvHeadroom,
  kvDeviations,
  prefixBlockTokens,
  loadBound,
  telemetryStaleMs,
  referenceUsd,
  unknownQuality,
} = DEFAULT_POLICY;

/** A share of something: 0 to 1. */
const shareSchema = z.number().min(0).max(1);
const waitSchema = z.number().positive().max(2_592_000);

const depthSchema = z
  .strictObject({
    /** Waiting jobs of a model group, for each local backend that works and serves it, above which overflow begins. */
    enter: z.int().min(1).max(1_000_000).default(overflow.enter),
    /** And below which it ends, for each likewise. */
    leave: z.int().min(0).max(1_000_000).default(overflow.leave),
  })
  .refine((depth) => depth.leave < depth.enter, { path: ['leave'], error: 'must be below enter' });

const overflowSchema = z.strictObject({
  /** off: nothing overflows. depth: by waiting jobs. slack: by predicted finish and deadline, depth while blind. */
  mode: z.enum(['off', 'depth', 'slack']).default(overflow.mode),
  depth: depthSchema.prefault({}),
  /** A job overflows when its predicted local finish leaves less than this share of its whole time. */
  margin: z
    .strictObject({
      interactive: shareSchema.default(overflow.margin.interactive),
      standard: shareSchema.default(overflow.margin.standard),
      batch: shareSchema.default(overflow.margin.batch),
    })
    .prefault({}),
  /** Depth decides until an engine's profile was learned from so many completions. */
  blind_below_samples: z.int().min(0).max(1000).default(overflow.blindBelowSamples),
  /** With every local backend of a model down for this long, its jobs may use the cloud. */
  local_down_after_seconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(overflow.localDownAfterMs / 1000),
});

/** When and where jobs run: every number of the scheduler that is not a fact of the moment. */
export const routingSchema = z.strictObject({
  overflow: overflowSchema.prefault({}),
  /** A job competes as an interactive one once less than this share of its whole time is left. */
  promotion: z
    .strictObject({
      standard: shareSchema.default(promotion.standard),
      batch: shareSchema.default(promotion.batch),
    })
    .prefault({}),
  /** Ageing: after this long a job is ordered as if it were due. */
  max_wait_seconds: z
    .strictObject({
      interactive: waitSchema.default(maxWaitMs.interactive / 1000),
      standard: waitSchema.default(maxWaitMs.standard / 1000),
      batch: waitSchema.default(maxWaitMs.batch / 1000),
    })
    .prefault({}),
  /**
   * Virtual tokens, for each local backend that works and serves the model, that a tenant may be ahead of the one served
   * least before hurry and pins gain its jobs no place.
   */
  share_tolerance_tokens: z.number().min(0).max(1e12).default(shareTolerance),
  /** Batch jobs with the same first block go one after the other, at most so many. */
  batch_group_run: z.int().min(1).max(1024).default(groupRun),
  /** A local backend takes only pinned interactive jobs while a pinned one that it holds is due within this. */
  pinned_guard_seconds: z
    .number()
    .min(0)
    .max(3600)
    .default(pinnedGuardMs / 1000),
  /** Share of an engine's KV cache that may be promised. */
  kv_headroom: z.number().min(0.1).max(2).default(kvHeadroom),
  /** Standard deviations of what is promised that are kept free, for answers longer than expected. */
  kv_deviations: z.number().min(0).max(10).default(kvDeviations),
  affinity: z
    .strictObject({
      /** Prompt tokens of one block of a prefix. Engines cache in blocks of 16. */
      block_tokens: z
        .int()
        .min(16, { abort: true })
        .max(8192, { abort: true })
        .multipleOf(16, { error: 'must be a multiple of 16, the block of an engine' })
        .default(prefixBlockTokens),
      /** A backend that holds more than this times the mean is not chosen for its cache. */
      load_bound: z.number().min(1).max(100).default(loadBound),
    })
    .prefault({}),
  /** An engine's figures older than this are not believed. They come with the heartbeat, every second. */
  telemetry_stale_seconds: z
    .number()
    .min(2)
    .max(3600)
    .default(telemetryStaleMs / 1000),
  /** USD at which the cost of a job scores one half. */
  reference_usd: z.number().positive().max(1000).default(referenceUsd),
  /** Model, by the name clients use → its quality. */
  quality: z.record(z.string().min(1).max(256), shareSchema).default({}),
  unknown_quality: shareSchema.default(unknownQuality),
  strategies: strategiesSchema.prefault({}),
  privacy: z
    .strictObject({ detectors: z.array(z.enum(PRIVACY_DETECTORS)).default([...PRIVACY_DETECTORS]) })
    .prefault({}),
});
export type RoutingConfig = z.infer<typeof routingSchema>;
