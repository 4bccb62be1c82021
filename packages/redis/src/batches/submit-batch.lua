--@include submit.lua
-- Admit a document batch: its record, its items and all its jobs in one step, or nothing at all.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  tenant   ARGV[2]  most live jobs it may have   ARGV[3]  idempotency key ("": none)
-- ARGV[4]  hash of the body   ARGV[5]  batch id   ARGV[6]  description   ARGV[7]  webhook ("": none)
-- ARGV[8]  retain_ms   ARGV[9]  number of items   ARGV[10]  number of jobs
-- ARGV[11]  what the first answer is made from, beside id and instant   ARGV[12]  idempotency records are kept for ms
-- then one argument an item: JSON {document, sha256, job} or {document, sha256, error}
-- then the jobs, as lib/submit.lua has them
--
-- Returns  {"accepted", at_ms}, {"replayed", first batch, first, at_ms, 0}, {"conflict"} or {"over-quota", live}
local tenant, idempotency_key, body_hash, batch = ARGV[1], ARGV[3], ARGV[4], ARGV[5]
local items, jobs = tonumber(ARGV[9]), tonumber(ARGV[10])
local BASE = 12

-- A command sent again after its reply was lost: the same id is the same batch.
local created_at_ms = redis.call("HGET", key("batch", batch), "created_at_ms")
if created_at_ms then return { "accepted", tonumber(created_at_ms) } end

local seen = replay(tenant, idempotency_key, body_hash)
if seen then return seen end

local live = live_jobs_of(tenant)
if live + jobs > tonumber(ARGV[2]) then return { "over-quota", live } end

redis.call("HSET", key("batch", batch), "tenant", tenant, "status", "in_progress", "created_at_ms", now_ms,
  "description", ARGV[6], "retain_ms", ARGV[8], "total", items, "left", items,
  "completed", 0, "failed", 0, "cancelled", 0, "expired", 0)
if ARGV[7] ~= "" then redis.call("HSET", key("batch", batch), "webhook", ARGV[7]) end
for item = 1, items do
  redis.call("RPUSH", key("batch", batch, "items"), ARGV[BASE + item])
end
if live == 0 and jobs > 0 then welcome(tenant) end
for job = 1, jobs do
  submit(tenant, BASE + items + (job - 1) * JOB_ARGS)
end
-- Documents that could not be read have ended already.
for _ = 1, items - jobs do
  count_in_batch(batch, "failed")
end
remember(tenant, idempotency_key, body_hash, ARGV[12], batch, ARGV[11], 0)
wake()
return { "accepted", now_ms }
