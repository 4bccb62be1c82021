--@include life.lua
-- Take back what dead workers hold, and find dispatches whose hint went missing.
--
-- When nobody has asked for longer than an outage lasts, the store was away and not the workers: they get half the
-- time of silence to be heard of again before anything is taken from them.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  a worker or backend silent for this many ms is dead   ARGV[2]  rescues after which a job is poison
-- ARGV[3]  a dispatch unclaimed for this many ms wants its hint again   ARGV[4]  most jobs per call
--
-- Returns  {rescued, poisoned, {job, fence, backend, …} whose hints are to be published again}
local silent_ms, max_rescues, unclaimed_ms, limit =
  tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local rescued, poisoned, unclaimed = 0, 0, {}
local OUTAGE_MS = 3000

local asked_at_ms = tonumber(redis.call("HGET", key("rescue"), "asked_at_ms") or now_ms)
redis.call("HSET", key("rescue"), "asked_at_ms", now_ms)
if now_ms - asked_at_ms > OUTAGE_MS then
  redis.call("HSET", key("rescue"), "not_before_ms", now_ms + silent_ms / 2)
end
if now_ms < tonumber(redis.call("HGET", key("rescue"), "not_before_ms") or "0") then return { 0, 0, {} } end

for _, worker in ipairs(redis.call("ZRANGE", key("workers"), "-inf", now_ms - silent_ms, "BYSCORE")) do
  local held = key("worker", worker, "held")
  for _, id in ipairs(redis.call("SRANDMEMBER", held, limit)) do
    local job = read_life(id)
    if job.state == "running" and job.worker == worker then
      if rescue_running(id, job, max_rescues) then poisoned = poisoned + 1 else rescued = rescued + 1 end
    else
      redis.call("SREM", held, id)
    end
  end
  if redis.call("EXISTS", held) == 0 then redis.call("ZREM", key("workers"), worker) end
end

for _, backend in ipairs(redis.call("SMEMBERS", key("backends"))) do
  local heard_at_ms = tonumber(redis.call("HGET", key("backend", backend), "heard_at_ms") or "0")
  local dead = heard_at_ms <= now_ms - silent_ms
  local oldest = redis.call("ZRANGE", key("backend", backend, "held"), "-inf", now_ms - (dead and 0 or unclaimed_ms),
    "BYSCORE", "LIMIT", 0, limit)
  for _, id in ipairs(oldest) do
    local job = read_life(id)
    if job.state == "dispatched" and job.backend == backend then
      if dead then
        rescued = rescued + 1
        requeue(id, job, now_ms)
      else
        -- Once each time it has been unclaimed for that long, not with every call.
        redis.call("ZADD", key("backend", backend, "held"), now_ms, id)
        table.insert(unclaimed, id)
        table.insert(unclaimed, job.fence)
        table.insert(unclaimed, backend)
      end
    end
  end
end
return { rescued, poisoned, unclaimed }
