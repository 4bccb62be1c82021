--@include past-the-limit.lua
--@include file.lua
-- Delete a file of the tenant that no batch reads; its blob is the caller's to delete, and then the record to forget.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  file   ARGV[2]  tenant
--
-- Returns  {"deleted", path}, {"in-use"} or {"not-found"}
local id = ARGV[1]
if not is_file_readable(id, ARGV[2]) then return { "not-found" } end
if is_file_used(id) then return { "in-use" } end
hide_file(id)
return { "deleted", redis.call("HGET", key("file", id), "path") }
