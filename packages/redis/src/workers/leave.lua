--@include past-the-limit.lua
--@include life.lua
-- A worker that has drained says goodbye: nobody needs to wait for its silence. What it could not settle is taken from
-- it at the next rescue, as from the dead.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  worker   ARGV[2]  backend   ARGV[3]  1 if the backend has one worker at a time
-- ARGV[4]  a worker silent for this many ms is dead: from now on this backend is, and was not for longer
--
-- Returns  the number of dispatched jobs that went back to their lanes
local worker, backend = ARGV[1], ARGV[2]
if redis.call("EXISTS", key("worker", worker, "held")) == 1 then
  redis.call("ZADD", key("workers"), 0, worker)
else
  redis.call("ZREM", key("workers"), worker)
end
if ARGV[3] ~= "1" then return 0 end
if redis.call("HGET", key("backend", backend), "owner") ~= worker then return 0 end
redis.call("HDEL", key("backend", backend), "owner")
redis.call("HSET", key("backend", backend), "slots", 0, "heard_at_ms", now_ms - tonumber(ARGV[4]) - 1)
local returned = 0
for _, id in ipairs(redis.call("ZRANGE", key("backend", backend, "dispatched"), 0, -1)) do
  local job = read_life(id)
  if job.state == "dispatched" then
    requeue(id, job, now_ms)
    returned = returned + 1
  end
end
return returned
