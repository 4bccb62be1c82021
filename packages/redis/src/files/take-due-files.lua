--@include past-the-limit.lua
--@include file.lua
-- Hide the files whose time is over, and say whose blobs are to be deleted. A file that batches still read waits.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most files to look at
--
-- Returns  {file, tenant, path} of each
local USED_MS = 60000
local due = {}
for _, id in ipairs(redis.call("ZRANGE", key("files", "expiry"), "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])) do
  local file = redis.call("HMGET", key("file", id), "tenant", "path")
  if not file[1] then
    redis.call("ZREM", key("files", "expiry"), id)
  elseif is_file_used(id) then
    redis.call("ZADD", key("files", "expiry"), now_ms + USED_MS, id)
  else
    hide_file(id)
    due[#due + 1] = { id, file[1], file[2] }
  end
end
return due
