--@include past-the-limit.lua
--@include batch.lua
-- Note that the document at the cursor is about to be read, and how often that was begun by workers that never gave the
-- batch back (release-batch.lua forgets it).
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  cursor
--
-- Returns  how often, this time among them; 0 when somebody else has the batch
local record = key("batch", ARGV[1])
if not holds_batch(ARGV[1], ARGV[2]) then return 0 end
if redis.call("HGET", record, "reading") ~= ARGV[3] then
  redis.call("HSET", record, "reading", ARGV[3], "readings", 0)
end
return redis.call("HINCRBY", record, "readings", 1)
