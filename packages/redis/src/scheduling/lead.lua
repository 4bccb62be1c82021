--@include past-the-limit.lua
--@include keys.lua
--@include time.lua
-- Become or stay the cell's leader. Every new leadership has a higher epoch; commits carry it, so that a leader that
-- lost the lease without knowing commits nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  candidate   ARGV[2]  lease in ms
--
-- Returns  {"leading", epoch} or {"standby", holder}
local leader = redis.call("HMGET", key("leader"), "holder", "epoch", "expires_at_ms")
local epoch = tonumber(leader[2] or "0")
local expired = tonumber(leader[3] or "0") <= now_ms
if leader[1] ~= ARGV[1] then
  if not expired then return { "standby", leader[1] } end
  epoch = epoch + 1
end
redis.call("HSET", key("leader"), "holder", ARGV[1], "epoch", epoch, "expires_at_ms", now_ms + tonumber(ARGV[2]))
return { "leading", epoch }
