--@include past-the-limit.lua
--@include life.lua
--@include outage.lua
-- Take back what dead workers run, what was dispatched to dead backends, and what a living backend left lying.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  a worker or backend silent for this many ms is dead   ARGV[2]  rescues after which a job is poison
-- ARGV[3]  a dispatch unclaimed for this many ms is taken back   ARGV[4]  most jobs of a worker or backend per call
--
-- Returns  {jobs taken back, jobs given up as poison}
local silent_ms, max_rescues, unclaimed_ms, limit =
  tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local rescued, poisoned = 0, 0

if is_silence_ours(silent_ms / 2) then return { 0, 0 } end

for _, worker in ipairs(redis.call("ZRANGE", key("workers"), "-inf", now_ms - silent_ms, "BYSCORE")) do
  local held = key("worker", worker, "held")
  for _, id in ipairs(redis.call("SRANDMEMBER", held, limit)) do
    local job = read_life(id)
    if job.state == "running" and job.worker == worker then
      if rescue_running(id, job, max_rescues, "the worker that ran this attempt died") then poisoned = poisoned + 1 else rescued = rescued + 1 end
    else
      redis.call("SREM", held, id)
    end
  end
  if redis.call("EXISTS", held) == 0 then redis.call("ZREM", key("workers"), worker) end
end

for _, backend in ipairs(redis.call("SMEMBERS", key("backends"))) do
  local heard_at_ms = tonumber(redis.call("HGET", key("backend", backend), "heard_at_ms") or "0")
  local wait_ms = heard_at_ms <= now_ms - silent_ms and 0 or unclaimed_ms
  local dispatched = key("backend", backend, "dispatched")
  for _, id in ipairs(redis.call("ZRANGE", dispatched, "-inf", now_ms - wait_ms, "BYSCORE", "LIMIT", 0, limit)) do
    local job = read_life(id)
    if job.state == "dispatched" and job.backend == backend then
      requeue(id, job, now_ms)
      rescued = rescued + 1
    else
      redis.call("ZREM", dispatched, id)
    end
  end
end
return { rescued, poisoned }
