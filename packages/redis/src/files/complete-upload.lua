--@include upload.lua
-- Make the file of a pending upload visible and end the upload, in one step. Who completes it again in the same order of
-- parts is answered as the first one was.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  upload   ARGV[2]  tenant   ARGV[3]  hash of the order of the parts
-- ARGV[4]… the file, as write_file takes it
--
-- Returns  {"completed", file}: the one given, or that of the first time; {"not-pending", status} or {"not-found"}
local id, tenant, order = ARGV[1], ARGV[2], ARGV[3]
local status = upload_status(id, tenant)
if not status then return { "not-found" } end
if status == "completed" then
  local first = redis.call("HMGET", key("upload", id), "order", "file")
  if first[1] == order then return { "completed", first[2] } end
end
if status ~= "pending" then return { "not-pending", status } end
write_file(ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11])
redis.call("HSET", key("upload", id), "status", "completed", "order", order, "file", ARGV[4])
return { "completed", ARGV[4] }
