--@include submit.lua
--@include file.lua
-- Write a batch in state `validating`.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  tenant   ARGV[2]  idempotency key ("": none)   ARGV[3]  hash of the body   ARGV[4]  its record is kept for ms
-- ARGV[5]  batch   ARGV[6]  face   ARGV[7]  completion window in ms   ARGV[8]  kept after its end for ms
-- ARGV[9]  description   ARGV[10]  webhook ("": none)   ARGV[11]  input file of the tenant ("": none)
-- ARGV[12] what the first answer is made from, beside the instant
--
-- Returns  {"created", at_ms}, {"replayed", first batch, first, at_ms, 0}, {"conflict"} or {"input-gone"}
local tenant, batch, face, file = ARGV[1], ARGV[5], ARGV[6], ARGV[11]
local record = key("batch", batch)

-- A command sent again after its reply was lost: the same id is the same batch.
local created_at_ms = redis.call("HGET", record, "created_at_ms")
if created_at_ms then return { "created", tonumber(created_at_ms) } end

local seen = replay(tenant, ARGV[2], ARGV[3])
if seen then return seen end

if file ~= "" then
  if not is_file_readable(file, tenant) then return { "input-gone" } end
  redis.call("SADD", key("file", file, "users"), batch)
end
redis.call("HSET", record, "tenant", tenant, "face", face, "status", "validating", "moves", 1, "fence", 0,
  "created_at_ms", now_ms, "expires_at_ms", now_ms + tonumber(ARGV[7]), "retain_ms", ARGV[8],
  "total", 0, "cursor", 0, "drained", 0, "drained_at_ms", now_ms, "description", ARGV[9])
if ARGV[10] ~= "" then redis.call("HSET", record, "webhook", ARGV[10]) end
if file ~= "" then redis.call("HSET", record, "input_file", file) end
redis.call("ZADD", key("tenant", tenant, "batches:" .. face), "0", batch)
remember(tenant, ARGV[2], ARGV[3], ARGV[4], batch, ARGV[12], 0)
poke(batch, now_ms)
return { "created", now_ms }
