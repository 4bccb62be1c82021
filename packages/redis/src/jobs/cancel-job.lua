--@include past-the-limit.lua
--@include life.lua
-- Cancel a job in whatever state it is. A running attempt loses its lease now; its worker is told to stop.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  job   ARGV[2]  tenant
--
-- Returns  {"cancelled"}, {"ended", state} or {"not-found"}
local id = ARGV[1]
local job = read_life(id)
if not job.state or job.tenant ~= ARGV[2] then return { "not-found" } end
if not is_live(job) then return { "ended", job.state } end
if job.state == "running" then
  end_attempt(id, job, "cancelled")
  redis.call("PUBLISH", key("cancel"), id)
end
finish(id, job, "cancelled")
return { "cancelled" }
