--@include keys.lua
-- Take consumers out of a group of the outbox that have got nothing for so long and hold nothing. Looking and removing
-- are one step: removing a consumer drops what it holds. One that lives after all is known again with its next entry.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  group   ARGV[2]  idle for more than this many ms
--
-- Returns  {name, …}
local events, removed = key("events"), {}
for _, fields in ipairs(redis.call("XINFO", "CONSUMERS", events, ARGV[1])) do
  local reader = {}
  for index = 1, #fields, 2 do reader[fields[index]] = fields[index + 1] end
  if reader.pending == 0 and reader.idle > tonumber(ARGV[2]) then
    redis.call("XGROUP", "DELCONSUMER", events, ARGV[1], reader.name)
    table.insert(removed, reader.name)
  end
end
return removed
