--@include life.lua
-- Write the first decision of jobs that wait unseen. One that has moved on, or has a decision by now, gets none.
--
-- KEYS[1]  cell prefix
-- ARGV[1…]  job, decision, job, decision, …
--
-- Returns  the number of decisions written
local written = 0
for index = 1, #ARGV, 2 do
  local id = ARGV[index]
  local decisions = key("job", id, "decisions")
  if read(id, "state").state == "queued" and redis.call("EXISTS", decisions) == 0 then
    redis.call("RPUSH", decisions, ARGV[index + 1])
    written = written + 1
  end
  redis.call("ZREM", key("unseen"), id)
end
return written
