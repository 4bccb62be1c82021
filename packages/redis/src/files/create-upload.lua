--@include upload.lua
-- Begin an upload. The same id again changes nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  upload   ARGV[2]  tenant   ARGV[3]  file name   ARGV[4]  purpose   ARGV[5]  bytes of the whole file
-- ARGV[6]  open for this many ms   ARGV[7]  the file is then kept for this many ms
--
-- Returns  1
local id = ARGV[1]
if redis.call("EXISTS", key("upload", id)) == 1 then return 1 end
local expires_at_ms = now_ms + tonumber(ARGV[6])
redis.call("HSET", key("upload", id), "tenant", ARGV[2], "filename", ARGV[3], "purpose", ARGV[4], "bytes", ARGV[5],
  "status", "pending", "created_at_ms", now_ms, "expires_at_ms", expires_at_ms, "file_keep_ms", ARGV[7], "sent", 0)
redis.call("ZADD", key("uploads", "expiry"), expires_at_ms + KNOWN_MS, id)
return 1
