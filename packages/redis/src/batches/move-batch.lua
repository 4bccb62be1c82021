--@include past-the-limit.lua
--@include batch.lua
--@include outbox.lua
-- Move a batch from one status to the next, as packages/core/src/batch/transition-batch.ts has them.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  from   ARGV[4]  to   ARGV[5]  event ("": none)
-- then field, value, … of its record
--
-- Returns  1; 0 when somebody else has it or it is not in that status
local batch, from, to = ARGV[1], ARGV[3], ARGV[4]
local record = key("batch", batch)
if not holds_batch(batch, ARGV[2]) then return 0 end
local status = redis.call("HGET", record, "status")
-- The status it has: sent again after its reply was lost, or a move that is only to set fields.
if status == to then
  if from == to then redis.call("HSET", record, unpack(ARGV, 6)) end
  return 1
end
if status ~= from then return 0 end

redis.call("HSET", record, "status", to, unpack(ARGV, 6))
redis.call("HINCRBY", record, "moves", 1)
if ARGV[5] ~= "" then
  local webhook = redis.call("HGET", record, "webhook")
  if webhook then append_event(ARGV[5], batch, webhook) end
end
if to == "in_progress" then
  redis.call("HSET", record, "in_progress_at_ms", now_ms)
  redis.call("SADD", key("batches", "running"), batch)
elseif to == "finalizing" then
  redis.call("HSET", record, "finalizing_at_ms", now_ms)
  redis.call("SREM", key("batches", "running"), batch)
else
  local file, retain_ms, cursor, drained =
    unpack(redis.call("HMGET", record, "input_file", "retain_ms", "cursor", "drained"))
  -- Lines that were fed and got no outcome.
  count_lines(tonumber(drained) - tonumber(cursor))
  redis.call("HSET", record, "ended_at_ms", now_ms)
  redis.call("HDEL", record, "low_water", "window_bytes", "settled_bytes", "rate", "rate_done", "rate_at_ms", "held", "reading", "readings")
  redis.call("SREM", key("batches", "running"), batch)
  if file then redis.call("SREM", key("file", file, "users"), batch) end
  redis.call("DEL", key("batch", batch, "open"), key("batch", batch, "done"), key("batch", batch, "settled"),
    key("batch", batch, "ended"), key("batch", batch, "parts"), key("batch", batch, "steps"))
  redis.call("ZADD", key("batches", "retained"), now_ms + tonumber(retain_ms), batch)
end
return 1
