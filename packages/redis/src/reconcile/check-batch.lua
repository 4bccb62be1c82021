--@include batch.lua
-- Hold a batch's record against its places: one that has not ended is looked at again, or a batch-worker has it; one whose
-- lines are fed counts among those that share the window; one that has ended is kept as long as it says.
--
-- Its counters are only looked at: what the lines in part files came to, the store does not know. Whoever finalises the
-- batch holds them against those, and ends no batch whose counters are wrong.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  1 to repair, 0 to look   ARGV[2]  batch
--
-- Returns  {1, {kind of drift, batch, …}}
local repair, batch = ARGV[1] == "1", ARGV[2]
local record, drift = key("batch", batch), {}
local status, tenant, ended_at_ms, retain_ms, drained, completed, failed, cancelled, expired = unpack(redis.call("HMGET",
  record, "status", "tenant", "ended_at_ms", "retain_ms", "drained", "completed", "failed", "cancelled", "expired"))

local function found(kind)
  table.insert(drift, kind)
  table.insert(drift, batch)
  return repair
end

local function check_live()
  local is_seen = redis.call("ZSCORE", key("batches", "due"), batch) or redis.call("ZSCORE", key("batches", "leased"), batch)
  if not is_seen and found("batch-due-missing") then poke(batch, now_ms) end
  local running = key("batches", "running")
  if status == "in_progress" and redis.call("SISMEMBER", running, batch) == 0 and found("batch-running-missing") then
    redis.call("SADD", running, batch)
  end
  if repair then return end
  local counted = 0
  for _, lines in ipairs({ completed or 0, failed or 0, cancelled or 0, expired or 0 }) do
    counted = counted + tonumber(lines)
  end
  local written = tonumber(drained or "0") + redis.call("LLEN", key("batch", batch, "settled"))
  if counted ~= written or counted ~= redis.call("BITCOUNT", key("batch", batch, "done")) then found("batch-counters") end
end

local function check_ended()
  if not ended_at_ms or not retain_ms then return end
  local until_ms = tonumber(ended_at_ms) + tonumber(retain_ms)
  -- Forgotten by its tenant, it goes when somebody comes to it.
  local is_hidden = tenant == ""
  local retained = key("batches", "retained")
  local score = redis.call("ZSCORE", retained, batch)
  score = score and tonumber(score)
  if score == until_ms or (score and is_hidden and score < until_ms) then return end
  if found(score and "batch-retained-misplaced" or "batch-retained-missing") then
    redis.call("ZADD", retained, is_hidden and now_ms or until_ms, batch)
  end
end

if LIVE_BATCH[status] then check_live() elseif status then check_ended() end
return { 1, drift }
