--@include past-the-limit.lua
--@include batch.lua
-- Go on holding a batch for another while.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  lease in ms
--
-- Returns  1, or 0 when somebody else has it
if not holds_batch(ARGV[1], ARGV[2]) then return 0 end
redis.call("ZADD", key("batches", "leased"), now_ms + tonumber(ARGV[3]), ARGV[1])
return 1
