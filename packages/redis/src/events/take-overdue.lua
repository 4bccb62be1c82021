--@include keys.lua
--@include time.lua
-- Deliveries whose next attempt should have been made by now. They are put off, so that the next call gives others;
-- those that are kept no more are let go.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most deliveries   ARGV[2]  put off by this many ms
--
-- Returns  {event id, …}
local pending = key("deliveries", "pending")
local overdue = {}
for _, id in ipairs(redis.call("ZRANGE", pending, "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])) do
  if redis.call("HGET", key("delivery", id), "state") == "pending" then
    redis.call("ZADD", pending, now_ms + tonumber(ARGV[2]), id)
    table.insert(overdue, id)
  else
    redis.call("ZREM", pending, id)
  end
end
return overdue
