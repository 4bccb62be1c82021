--@include past-the-limit.lua
--@include life.lua
--@include outage.lua
-- The clock of one attempt: its worker ends it in time; what it has not ended after the grace is taken from it, as from
-- the dead. The deadline has a duty of its own.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  grace in ms   ARGV[2]  rescues after which a job is poison   ARGV[3]  most jobs of a backend per call
--
-- Returns  {jobs taken back, jobs given up as poison}
local grace_ms, max_rescues = tonumber(ARGV[1]), tonumber(ARGV[2])
local taken, poisoned = 0, 0
-- After an outage of the store the ends of attempts are still on their way to it.
if is_grace() then return { 0, 0 } end

for _, backend in ipairs(redis.call("SMEMBERS", key("backends"))) do
  local running = key("backend", backend, "running")
  for _, id in ipairs(redis.call("ZRANGE", running, "-inf", now_ms - grace_ms, "BYSCORE", "LIMIT", 0, ARGV[3])) do
    local job = read_life(id)
    if job.state ~= "running" or job.backend ~= backend then
      redis.call("ZREM", running, id)
    elseif tonumber(job.deadline_at_ms) > now_ms then
      redis.call("PUBLISH", key("cancel"), id)
      local detail = "its worker neither ended nor gave up the attempt in its time"
      if rescue_running(id, job, max_rescues, detail) then
        poisoned = poisoned + 1
      else
        taken = taken + 1
      end
    end
  end
end
return { taken, poisoned }
