--@include forget.lua
-- Forget jobs whose time to be kept is over, and with a tenant's last job what was counted of the tenant.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most records per call
--
-- Returns  the number of records forgotten
local due = redis.call("ZRANGE", key("retained"), "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])

for _, id in ipairs(due) do
  forget_job(id)
end
if #due > 0 then forget_fairness() end
return #due
