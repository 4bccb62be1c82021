import { z } from 'zod';
import { backendIdSchema, tenantIdSchema } from '../ids.ts';
import { webhookTargetSchema } from '../webhooks/target.ts';
import { backendSchema } from './backend.ts';
import { cellsSchema } from './cells.ts';
import { crossCheck } from './cross-check.ts';
import { routingSchema } from './routing.ts';

const modelGroupSchema = z.union([
  /** Any model that any backend serves. */
  z.strictObject({ strategy: z.literal('auto') }),
  z.strictObject({ any_of: z.array(z.string().min(1)).min(1) }),
]);

const tenantSchema = z.strictObject({
  /** Share of the tokens against other tenants that have work waiting. */
  weight: z.number().positive().max(1000).default(1),
  max_queued_jobs: z.int().min(1).default(100_000),
  /** Submissions in a minute, and prompt tokens of them; more are refused until the minute has gone on. */
  requests_per_minute: z.int().min(1).max(1_000_000_000).optional(),
  tokens_per_minute: z.int().min(1).max(1_000_000_000_000).optional(),
  /** Who is told of its batches that name no webhook: clients of OpenAI's SDK have no field for one. */
  webhook: webhookTargetSchema.optional(),
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
  max_batch_bytes: z.int().min(1024).max(2_147_483_648).default(536_870_912),
  max_batch_documents: z.int().min(1).max(10_000).default(2000),
  /** A file of the Files API, in bytes: OpenAI's limit for batch input is 200 MB. */
  max_file_bytes: z.int().min(1024).max(2_147_483_648).default(209_715_200),
  /** The inline requests of one Anthropic message batch: its published limits. */
  max_message_batch_bytes: z.int().min(1024).max(2_147_483_648).default(268_435_456),
  max_message_batch_requests: z.int().min(1).max(1_000_000).default(100_000),
  /** Lines of one batch input file. */
  max_batch_lines: z.int().min(1).max(10_000_000).default(50_000),
});

const batchesSchema = z.strictObject({
  /** Lines of one batch between its input and its part files at once: what Redis holds of it. */
  window_lines: z.int().min(32).max(100_000).default(2000),
  /** The same for all batches together, which share it; each has 32 all the same. */
  window_total_lines: z.int().min(32).max(1_000_000).default(8000),
  /** Bytes of requests that one batch has in the lanes at once, and one line on top. */
  window_bytes: z.int().min(1_048_576).max(1_073_741_824).default(16_777_216),
  /** Batches one batch-worker works on at once. */
  concurrency: z.int().min(1).max(64).default(4),
});

/** Where files and results of batches stand. */
const storageSchema = z.discriminatedUnion('kind', [
  /** A folder that every ingest-api and batch-worker reaches; without one, BLOB_FOLDER of the environment. */
  z.strictObject({ kind: z.literal('disk'), folder: z.string().min(1).optional() }),
  z.strictObject({
    kind: z.literal('s3'),
    bucket: z.string().min(3).max(63),
    prefix: z.string().max(400).optional(),
    region: z.string().min(1).optional(),
    /** For S3-compatible stores. */
    endpoint: z.url({ protocol: /^https?$/, error: 'an http or https URL' }).optional(),
    force_path_style: z.boolean().default(false),
    /** Without keys, those of the machine's role or environment. */
    access_key_id: z.string().min(1).optional(),
    secret_access_key: z.string().min(1).optional(),
  }),
]);
export type StorageConfig = z.infer<typeof storageSchema>;

const retentionSchema = z.strictObject({
  /** How long a finished job or batch and its result are kept when the client does not say, in seconds. */
  jobs_seconds: z.int().min(1).max(2_592_000).default(86_400),
  /** How long a batch that has ended can be asked for, with its results, in seconds: 29 days, as Anthropic has it. */
  batches_seconds: z.int().min(1).max(31_536_000).default(2_505_600),
  /** How long an uploaded file and the files of results are kept when nobody says, in seconds. */
  files_seconds: z.int().min(1).max(31_536_000).default(2_592_000),
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
    batches: batchesSchema.prefault({}),
    storage: storageSchema.default({ kind: 'disk' }),
    cells: cellsSchema.prefault({}),
    retention: retentionSchema.prefault({}),
  })
  .check(({ value, issues }) => {
    issues.push(...crossCheck(value));
  })
  .meta({ id: 'SpillwayConfig', title: 'spillway.yaml' });
export type Config = z.infer<typeof configSchema>;
export type TenantConfig = z.infer<typeof tenantSchema>;

export const DEFAULT_TENANT: TenantConfig = tenantSchema.parse({});
