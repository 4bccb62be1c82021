--@include keys.lua
--@include time.lua
--@include fairness.lua
-- Forgetting jobs that have ended.

local function forget_job(id)
  local tenant = redis.call("HGET", key("job", id), "tenant")
  redis.call("DEL", key("job", id), key("job", id, "attempts"), key("job", id, "decisions"), key("job", id, "request"),
    key("job", id, "result"), key("job", id, "prefix"))
  redis.call("ZREM", key("retained"), id)
  if not tenant then return end
  redis.call("ZREM", key("tenant", tenant, "jobs"), id)
  if redis.call("EXISTS", key("tenant", tenant, "jobs")) == 0 then forget_counter(tenant) end
end
