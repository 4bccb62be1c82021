--@include file.lua
-- Say that a file's blob is about to be written, so that it is deleted when whoever writes it never comes back.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  file   ARGV[2]  tenant   ARGV[3]  path of its blob
-- ARGV[4]  1 for the results of a batch: they end accepted work, so a store above its limit takes them, too
--
-- Returns  1; 0 when the file is there already
if ARGV[4] == "1" then redis.call("DEL", key("nothing")) end
local state = redis.call("HGET", key("file", ARGV[1]), "state")
if state and state ~= "reserved" then return 0 end
-- Again: whoever writes it is still at it.
reserve_file(ARGV[1], ARGV[2], ARGV[3])
return 1
