--@include life.lua
-- End the jobs whose clock ran out: the clock to start for those that never ran, the deadline for the others.
-- A running job is its worker's to end; only one whose worker missed the deadline by the grace is ended here.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most jobs per call   ARGV[2]  grace for running jobs in ms
--
-- Returns  the number of jobs expired
local grace_ms = tonumber(ARGV[2])
local expired = 0
for _, id in ipairs(redis.call("ZRANGE", key("clocks"), "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])) do
  local job = read_life(id)
  local deadline_at_ms = tonumber(job.deadline_at_ms or "0")
  if not job.state or not is_live(job) then
    redis.call("ZREM", key("clocks"), id)
  elseif job.state ~= "running" then
    -- Once an attempt has run, the clock to start is no longer set.
    local clock = deadline_at_ms <= now_ms and "deadline" or "start"
    finish(id, job, "expired", "error_code", "expired",
      "error_detail", clock == "deadline" and "the deadline passed" or "the job did not start in time")
    expired = expired + 1
  elseif deadline_at_ms + grace_ms <= now_ms then
    end_attempt(id, job, "expired", "expired", "the deadline passed")
    redis.call("PUBLISH", key("cancel"), id)
    finish(id, job, "expired", "error_code", "expired", "error_detail", "the deadline passed while an attempt ran")
    expired = expired + 1
  else
    redis.call("ZADD", key("clocks"), deadline_at_ms + grace_ms, id)
  end
end
return expired
