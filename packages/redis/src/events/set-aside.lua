--@include keys.lua
-- Take entries out of the outbox that their reader cannot read, and keep them beside it as they are: another version may
-- have written them. One that is gone already is only acknowledged.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  group   ARGV[2]  about so many are kept, the newest   ARGV[3…]  entries
local events, aside = key("events"), key("events", "aside")
for index = 3, #ARGV do
  local entry = redis.call("XRANGE", events, ARGV[index], ARGV[index])[1]
  if entry then redis.call("XADD", aside, "MAXLEN", "~", ARGV[2], "*", unpack(entry[2])) end
  redis.call("XACK", events, ARGV[1], ARGV[index])
  redis.call("XDEL", events, ARGV[index])
end
