--@include keys.lua
--@include time.lua
-- Keep a delivery. A second time for the same event changes nothing, whatever has become of it.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  event id   ARGV[2]  event (JSON)   ARGV[3]  target (JSON)   ARGV[4]  kept for this many ms
-- ARGV[5]  its first attempt is overdue after this many ms
--
-- Returns  1, or 0 when it is kept already
local delivery = key("delivery", ARGV[1])
if redis.call("EXISTS", delivery) == 1 then return 0 end
redis.call("HSET", delivery, "event", ARGV[2], "target", ARGV[3], "state", "pending")
redis.call("PEXPIRE", delivery, ARGV[4])
redis.call("ZADD", key("deliveries", "pending"), now_ms + tonumber(ARGV[5]), ARGV[1])
return 1
