--@include past-the-limit.lua
--@include batch.lua
-- Give a batch back, to be looked at again in time; or never, when it has ended.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  ms until it is due ("": it has ended)
--
-- Returns  1, or 0 when somebody else has it
local batch = ARGV[1]
if not holds_batch(batch, ARGV[2]) then return 0 end
-- What its worker still has under way for it wins nothing any more.
redis.call("HINCRBY", key("batch", batch), "fence", 1)
-- It lives: whatever it began to read, it did not die of it.
redis.call("HDEL", key("batch", batch), "reading", "readings")
redis.call("ZREM", key("batches", "leased"), batch)
if ARGV[3] == "" then
  redis.call("ZREM", key("batches", "due"), batch)
else
  -- Poked meanwhile, it is due already.
  redis.call("ZADD", key("batches", "due"), "LT", now_ms + tonumber(ARGV[3]), batch)
end
return 1
