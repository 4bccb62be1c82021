--@include keys.lua
--@include time.lua
-- Forgetting jobs that have ended.

local function forget_idle(tenant)
  if redis.call("EXISTS", key("tenant", tenant, "jobs")) == 1 then return end
  local clock = tonumber(redis.call("GET", key("fairness", "clock")) or "0")
  local own = tonumber(redis.call("HGET", key("fairness"), tenant) or "0")
  -- Who comes back starts at today's virtual time anyway; one that is ahead of it stays known until it is not.
  if own <= clock then redis.call("HDEL", key("fairness"), tenant) end
end

local function forget_job(id)
  local tenant = redis.call("HGET", key("job", id), "tenant")
  redis.call("DEL", key("job", id), key("job", id, "attempts"), key("job", id, "decisions"), key("job", id, "request"),
    key("job", id, "result"))
  redis.call("ZREM", key("retained"), id)
  if not tenant then return end
  redis.call("ZREM", key("tenant", tenant, "jobs"), id)
  forget_idle(tenant)
end

-- With nobody left to compare, there is nothing to be fair about.
local function forget_fairness()
  if redis.call("EXISTS", key("retained"), key("clocks", "deadline")) > 0 then return end
  redis.call("DEL", key("fairness"), key("fairness", "clock"))
end
