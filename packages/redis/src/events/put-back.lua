--@include keys.lua
-- Put entries that stand aside back into the outbox, the oldest first. Those that cannot be read now either go aside
-- again, behind the others.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most entries
--
-- Returns  how many were put back
local events, aside = key("events"), key("events", "aside")
local entries = redis.call("XRANGE", aside, "-", "+", "COUNT", ARGV[1])
for _, entry in ipairs(entries) do
  redis.call("XADD", events, "*", unpack(entry[2]))
  redis.call("XDEL", aside, entry[1])
end
return #entries
