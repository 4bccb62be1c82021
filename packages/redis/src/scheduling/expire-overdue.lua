--@include past-the-limit.lua
--@include life.lua
-- The deadline: end the jobs whose whole life is over. A running job is its worker's to end; only one whose worker has
-- missed the deadline by the grace is ended over its head.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most jobs per call   ARGV[2]  grace for running jobs in ms
--
-- Returns  the number of jobs expired
local grace_ms = tonumber(ARGV[2])
local expired = 0
local clock = key("clocks", "deadline")
for _, id in ipairs(redis.call("ZRANGE", clock, "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])) do
  local job = read_life(id)
  if not job.state or not is_live(job) then
    redis.call("ZREM", clock, id)
  elseif job.state ~= "running" then
    finish(id, job, "expired", "error_code", "expired", "error_detail", "the deadline passed")
    expired = expired + 1
  elseif tonumber(job.deadline_at_ms) + grace_ms <= now_ms then
    end_attempt(id, job, "expired", "expired", "the deadline passed")
    redis.call("PUBLISH", key("cancel"), id)
    finish(id, job, "expired", "error_code", "expired", "error_detail", "the deadline passed while an attempt ran")
    expired = expired + 1
  else
    -- Looked at again after the grace.
    redis.call("ZADD", clock, tonumber(job.deadline_at_ms) + grace_ms, id)
  end
end
return expired
