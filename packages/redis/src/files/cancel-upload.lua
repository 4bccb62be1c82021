--@include past-the-limit.lua
--@include upload.lua
-- Cancel a pending upload; again changes nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  upload   ARGV[2]  tenant
--
-- Returns  {"cancelled"}, {"not-pending", status} or {"not-found"}
local status = upload_status(ARGV[1], ARGV[2])
if not status then return { "not-found" } end
if status == "pending" then redis.call("HSET", key("upload", ARGV[1]), "status", "cancelled") end
if status == "pending" or status == "cancelled" then return { "cancelled" } end
return { "not-pending", status }
