--@include keys.lua
--@include time.lua
-- Note an attempt of a delivery and what follows. The same attempt noted twice is one; what has ended stays ended.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  event id   ARGV[2]  attempt (JSON)   ARGV[3]  "pending", "delivered" or "dead"
-- ARGV[4]  if pending: its next attempt is overdue after this many ms
-- ARGV[5]  kept for this many ms from now: waits that receivers asked for add up
--
-- Returns  1, or 0 when the delivery is kept no more
local delivery, pending = key("delivery", ARGV[1]), key("deliveries", "pending")
local state = redis.call("HGET", delivery, "state")
if not state then return 0 end
-- First, because Redis lets a script that began with this go on when it is out of memory: an attempt that was made must
-- be noted, or the receiver is told again and again.
redis.call("PEXPIRE", delivery, ARGV[5])
local tries = tonumber(redis.call("HGET", delivery, "tries") or "0")
if redis.call("HGET", delivery, "attempt:" .. tries) ~= ARGV[2] then
  redis.call("HSET", delivery, "tries", tries + 1, "attempt:" .. (tries + 1), ARGV[2])
end
if state ~= "pending" then return 1 end
redis.call("HSET", delivery, "state", ARGV[3])
if ARGV[3] == "pending" then
  redis.call("ZADD", pending, now_ms + tonumber(ARGV[4]), ARGV[1])
else
  redis.call("ZREM", pending, ARGV[1])
end
return 1
