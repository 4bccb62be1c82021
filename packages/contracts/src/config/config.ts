import { PRIVACY_DETECTORS } from '@spillway/core';
import { z } from 'zod';
import { backendIdSchema, tenantIdSchema } from '../ids.ts';
import { backendSchema } from './backend.ts';

const modelGroupSchema = z.union([
  /** Any model that any backend serves. */
  z.strictObject({ strategy: z.literal('auto') }),
  z.strictObject({ any_of: z.array(z.string().min(1)).min(1) }),
]);

const depthSchema = z
  .strictObject({ enter: z.int().min(1), leave: z.int().min(0) })
  .refine((depth) => depth.leave < depth.enter, { path: ['leave'], error: 'must be below enter' });

const routingSchema = z.strictObject({
  overflow: z
    .strictObject({
      /** off: nothing overflows. depth: begin above `enter` waiting jobs of a model, end below `leave`. */
      mode: z.enum(['off', 'depth']).default('depth'),
      depth: depthSchema.prefault({ enter: 40, leave: 10 }),
    })
    .prefault({}),
  privacy: z
    .strictObject({ detectors: z.array(z.enum(PRIVACY_DETECTORS)).default([...PRIVACY_DETECTORS]) })
    .prefault({}),
});

const tenantSchema = z.strictObject({
  /** Share of the tokens against other tenants that have work waiting. */
  weight: z.number().positive().max(1000).default(1),
  max_queued_jobs: z.int().min(1).default(100_000),
  /** SHA-256 of each API key, as `spillway keys new` prints them; never the key itself. */
  api_key_sha256: z.array(z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits' })).default([]),
});

const webhooksSchema = z.strictObject({
  /** Networks (CIDR) of your own that deliveries may go to; every other private address is refused. */
  allow_networks: z
    .array(z.union([z.cidrv4(), z.cidrv6()], { error: 'a network such as 10.0.0.0/8' }))
    .default([]),
  allow_ports: z.union([z.literal('any'), z.array(z.int().min(1).max(65_535))]).default([80, 443]),
  timeout_seconds: z.number().positive().max(60).default(15),
});

const limitsSchema = z.strictObject({
  /** A submitted body, in bytes. */
  max_request_bytes: z.int().min(1024).max(16_777_216).default(1_048_576),
  /** A document batch, in bytes, and its documents. */
  max_batch_bytes: z.int().min(1024).max(134_217_728).default(33_554_432),
  max_batch_documents: z.int().min(1).max(2000).default(500),
});

const retentionSchema = z.strictObject({
  /** How long a finished job or batch and its result are kept when the client does not say, in seconds. */
  jobs_seconds: z.int().min(1).max(2_592_000).default(86_400),
  /** How long an `Idempotency-Key` is remembered, in seconds: a submission repeated later is made again. */
  idempotency_seconds: z.int().min(1).max(604_800).default(86_400),
});

/** `spillway.yaml`, whole. */
export const configSchema = z
  .strictObject({
    backends: z.record(backendIdSchema, backendSchema).default({}),
    models: z.record(z.string().min(1).max(256), modelGroupSchema).default({ auto: { strategy: 'auto' } }),
    routing: routingSchema.prefault({}),
    tenants: z.record(tenantIdSchema, tenantSchema).default({}),
    webhooks: webhooksSchema.prefault({}),
    limits: limitsSchema.prefault({}),
    retention: retentionSchema.prefault({}),
  })
  .check((context) => {
    const served = new Set(
      Object.values(context.value.backends).flatMap((backend) => Object.keys(backend.models)),
    );
    for (const [group, definition] of Object.entries(context.value.models)) {
      if (!('any_of' in definition)) continue;
      for (const [index, model] of definition.any_of.entries()) {
        if (served.has(model)) continue;
        context.issues.push({
          code: 'custom',
          input: model,
          path: ['models', group, 'any_of', index],
          message: `no backend serves "${model}"; served are: ${[...served].toSorted().join(', ') || 'none'}`,
        });
      }
    }
  })
  .meta({ id: 'SpillwayConfig', title: 'spillway.yaml' });
export type Config = z.infer<typeof configSchema>;
export type TenantConfig = z.infer<typeof tenantSchema>;

export const DEFAULT_TENANT: TenantConfig = tenantSchema.parse({});
