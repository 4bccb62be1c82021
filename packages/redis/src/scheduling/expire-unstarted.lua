--@include past-the-limit.lua
--@include life.lua
-- The clock to start: end the jobs that did not begin to run in time. One that has run once has no such clock any more.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most jobs per call
--
-- Returns  the number of jobs expired
local expired = 0
local clock = key("clocks", "start")
for _, id in ipairs(redis.call("ZRANGE", clock, "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])) do
  local job = read_life(id)
  if (job.state == "queued" or job.state == "dispatched") and tonumber(job.attempts) == 0 then
    finish(id, job, "expired", "error_code", "expired", "error_detail", "the job did not start in time")
    expired = expired + 1
  else
    redis.call("ZREM", clock, id)
  end
end
return expired
