--@include past-the-limit.lua
--@include file.lua
-- Forget a file whose blob is deleted. One that can still be seen stays.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  file
--
-- Returns  1 if it is forgotten, 0 if it stays
local id = ARGV[1]
if redis.call("HGET", key("file", id), "state") == "ready" then return 0 end
redis.call("DEL", key("file", id), key("file", id, "users"))
redis.call("ZREM", key("files", "expiry"), id)
return 1
