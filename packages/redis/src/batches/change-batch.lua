--@include past-the-limit.lua
--@include batch.lua
-- What those who made a batch may ask of it later.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  tenant   ARGV[3]  "cancel" | "pause" | "resume" | "forget"
--
-- Returns  "changed", "refused" or "not-found"
local batch, change = ARGV[1], ARGV[3]
local record = key("batch", batch)
local tenant, status, face = unpack(redis.call("HMGET", record, "tenant", "status", "face"))
if not tenant or tenant ~= ARGV[2] then return "not-found" end

if change == "forget" then
  local retained = key("batches", "retained")
  if not redis.call("ZSCORE", retained, batch) then return "refused" end
  -- Out of sight now; a batch-worker deletes its files, and then its record.
  redis.call("HSET", record, "tenant", "", "owner", tenant)
  redis.call("ZREM", key("tenant", tenant, "batches:" .. face), batch)
  redis.call("ZADD", retained, "LT", now_ms, batch)
  return "changed"
end
if change == "cancel" then
  if status == "cancelling" then return "changed" end
  if status ~= "validating" and status ~= "in_progress" then return "refused" end
  redis.call("HSET", record, "status", "cancelling", "cancelling_at_ms", now_ms)
  redis.call("SREM", key("batches", "running"), batch)
else
  if status ~= "validating" and status ~= "in_progress" then return "refused" end
  redis.call("HSET", record, "paused", change == "pause" and "1" or "0")
end
redis.call("HINCRBY", record, "moves", 1)
poke(batch, now_ms)
return "changed"
