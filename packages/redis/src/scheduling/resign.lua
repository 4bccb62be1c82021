--@include past-the-limit.lua
--@include keys.lua
-- Give leadership back, so that a standby need not wait for the lease to end.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  leader
--
-- Returns  1 if it led, 0 if not
if redis.call("HGET", key("leader"), "holder") ~= ARGV[1] then return 0 end
redis.call("HSET", key("leader"), "expires_at_ms", 0)
return 1
