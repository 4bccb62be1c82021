--@include past-the-limit.lua
--@include batch.lua
-- What a batch-worker needs to see before it does the next thing for a batch.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  how slowly the rate forgets: its time constant in ms
--
-- Returns  {now_ms, jobs open, jobs ended and waiting for the next step, outcomes to write down, batches running,
--           lines that all batches have between input and part files, {field, value, …}}, or nothing when somebody else has it
local batch = ARGV[1]
local record = key("batch", batch)
if not holds_batch(batch, ARGV[2]) then return {} end

-- Lines that ended per second, of late: a mean that forgets, over the time since it was last told.
local function update_rate()
  local done, at_ms, rate, completed, failed, cancelled, expired =
    unpack(redis.call("HMGET", record, "rate_done", "rate_at_ms", "rate", "completed", "failed", "cancelled", "expired"))
  local ended = tonumber(completed or 0) + tonumber(failed or 0) + tonumber(cancelled or 0) + tonumber(expired or 0)
  if not at_ms then
    redis.call("HSET", record, "rate_done", ended, "rate_at_ms", now_ms)
    return
  end
  local passed = now_ms - tonumber(at_ms)
  if passed < 1000 then return end
  local now_rate = (ended - tonumber(done)) * 1000 / passed
  local weight = rate and 1 - math.exp(-passed / tonumber(ARGV[3])) or 1
  rate = tonumber(rate or "0")
  redis.call("HSET", record, "rate_done", ended, "rate_at_ms", now_ms,
    "rate", string.format("%.4f", rate + (now_rate - rate) * weight))
end
if redis.call("HGET", record, "status") == "in_progress" then update_rate() end

return { now_ms, redis.call("SCARD", key("batch", batch, "open")), redis.call("LLEN", key("batch", batch, "ended")),
  redis.call("LLEN", key("batch", batch, "settled")), redis.call("SCARD", key("batches", "running")),
  tonumber(redis.call("GET", key("batches", "lines")) or "0"), redis.call("HGETALL", record) }
