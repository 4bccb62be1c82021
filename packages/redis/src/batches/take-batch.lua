--@include batch.lua
-- Take the lease of the batch that has been due longest. A lease that ran out is anybody's again.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  lease in ms   ARGV[2]  most due batches to look at
--
-- Returns  {batch, fence}, or {"", ms until the next one is due; -1: none is}
local due, leased = key("batches", "due"), key("batches", "leased")
for _, batch in ipairs(redis.call("ZRANGE", leased, "-inf", now_ms, "BYSCORE")) do
  redis.call("ZREM", leased, batch)
  redis.call("ZADD", due, "LT", now_ms, batch)
end
for _, batch in ipairs(redis.call("ZRANGE", due, "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[2])) do
  if not redis.call("ZSCORE", leased, batch) then
    redis.call("ZREM", due, batch)
    if redis.call("EXISTS", key("batch", batch)) == 1 then
      redis.call("ZADD", leased, now_ms + tonumber(ARGV[1]), batch)
      return { batch, redis.call("HINCRBY", key("batch", batch), "fence", 1) }
    end
  end
end
local next_due = redis.call("ZRANGE", due, "(" .. now_ms, "+inf", "BYSCORE", "LIMIT", 0, 1, "WITHSCORES")
return { "", next_due[2] and tonumber(next_due[2]) - now_ms or -1 }
