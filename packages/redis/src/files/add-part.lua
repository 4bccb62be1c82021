--@include upload.lua
-- Add a part whose blob is written to a pending upload. The same id again changes nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  upload   ARGV[2]  tenant   ARGV[3]  part   ARGV[4]  its bytes   ARGV[5]  most parts
-- ARGV[6]  most bytes of all parts together, as a multiple of the file's
--
-- Returns  {"added", at_ms}, {"not-pending", status}, {"not-found"} or {"too-much"}
local id, part = ARGV[1], ARGV[3]
local status = upload_status(id, ARGV[2])
if not status then return { "not-found" } end
if status ~= "pending" then return { "not-pending", status } end
local parts = key("upload", id, "parts")
if redis.call("HEXISTS", parts, part) == 1 then return { "added", now_ms } end
local sizes = redis.call("HMGET", key("upload", id), "bytes", "sent")
if redis.call("HLEN", parts) >= tonumber(ARGV[5]) or tonumber(sizes[2]) + tonumber(ARGV[4]) > tonumber(sizes[1]) * tonumber(ARGV[6]) then
  return { "too-much" }
end
redis.call("HSET", parts, part, ARGV[4])
redis.call("HINCRBY", key("upload", id), "sent", ARGV[4])
return { "added", now_ms }
