--@include past-the-limit.lua
--@include batch.lua
--@include forget.lua
-- Settled lines stand in a part file now: forget them here, and their jobs.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  lines in part files before   ARGV[4]  lines in this one
-- ARGV[5]  the part file, as JSON   ARGV[6]… counter, increment, … of what they used
--
-- Returns  1; 0 when somebody else has it or has done it
local batch = ARGV[1]
local record, settled, parts = key("batch", batch), key("batch", batch, "settled"), key("batch", batch, "parts")
if not holds_batch(batch, ARGV[2]) then return 0 end
local count, bytes, written = tonumber(ARGV[4]), 0, 0
if redis.call("HGET", record, "drained") ~= ARGV[3] then
  -- Sent again after its reply was lost: the part file is this one.
  return redis.call("LINDEX", parts, -1) == ARGV[5] and 1 or 0
end
for _, entry in ipairs(redis.call("LRANGE", settled, 0, count - 1)) do
  written = written + outcome_bytes(entry)
  if string.sub(entry, 1, 4) == "job_" then
    bytes = bytes + redis.call("STRLEN", key("job", entry, "request"))
    forget_job(entry)
  end
end
forget_fairness()
redis.call("LTRIM", settled, count, -1)
redis.call("HINCRBY", record, "drained", count)
count_lines(0 - count)
-- Lua knows a negative nothing, which is no integer to Redis.
redis.call("HINCRBY", record, "window_bytes", 0 - bytes)
redis.call("HINCRBY", record, "settled_bytes", 0 - written)
redis.call("HSET", record, "drained_at_ms", now_ms)
redis.call("RPUSH", parts, ARGV[5])
for index = 6, #ARGV, 2 do redis.call("HINCRBY", record, ARGV[index], ARGV[index + 1]) end
return 1
