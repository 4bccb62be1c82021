--@include keys.lua
--@include time.lua
-- Forget jobs and batches whose time to be kept is over.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most records per call
--
-- Returns  the number of records forgotten
local due = redis.call("ZRANGE", key("retained"), "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])
for _, id in ipairs(due) do
  if string.sub(id, 1, 6) == "batch_" then
    redis.call("DEL", key("batch", id), key("batch", id, "items"))
  else
    local tenant = redis.call("HGET", key("job", id), "tenant")
    if tenant then redis.call("ZREM", key("tenant", tenant, "jobs"), id) end
    redis.call("DEL", key("job", id), key("job", id, "attempts"), key("job", id, "decisions"))
  end
  redis.call("ZREM", key("retained"), id)
end
return #due
