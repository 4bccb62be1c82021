--@include past-the-limit.lua
--@include snapshot.lua
-- Move due retries to their lanes, then read what a plan needs.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most due retries to move   then as lib/snapshot.lua has it
--
-- Returns  as lib/snapshot.lua has it
for _, id in ipairs(redis.call("ZRANGE", key("retry"), "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])) do
  local job = read(id, "state", "lane", "score", "input", "created_at_ms", "cloud_at_once")
  redis.call("ZREM", key("retry"), id)
  if job.state == "queued" then queue(id, job, now_ms) end
end
return read_snapshot(1)
