--@include keys.lua
--@include time.lua
-- Forget jobs and batches whose time to be kept is over, and with a tenant's last job what was counted of the tenant.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most records per call
--
-- Returns  the number of records forgotten
local due = redis.call("ZRANGE", key("retained"), "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])

local function forget_idle(tenant)
  if redis.call("EXISTS", key("tenant", tenant, "jobs")) == 1 then return end
  local clock = tonumber(redis.call("GET", key("fairness", "clock")) or "0")
  local own = tonumber(redis.call("HGET", key("fairness"), tenant) or "0")
  -- Who comes back starts at today's virtual time anyway; one that is ahead of it stays known until it is not.
  if own <= clock then redis.call("HDEL", key("fairness"), tenant) end
end

for _, id in ipairs(due) do
  if string.sub(id, 1, 6) == "batch_" then
    redis.call("DEL", key("batch", id), key("batch", id, "items"))
  else
    local tenant = redis.call("HGET", key("job", id), "tenant")
    redis.call("DEL", key("job", id), key("job", id, "attempts"), key("job", id, "decisions"), key("job", id, "request"),
      key("job", id, "result"))
    if tenant then
      redis.call("ZREM", key("tenant", tenant, "jobs"), id)
      forget_idle(tenant)
    end
  end
  redis.call("ZREM", key("retained"), id)
end
-- With nobody left to compare, there is nothing to be fair about.
if #due > 0 and redis.call("EXISTS", key("retained"), key("clocks", "deadline")) == 0 then
  redis.call("DEL", key("fairness"), key("fairness", "clock"))
end
return #due
