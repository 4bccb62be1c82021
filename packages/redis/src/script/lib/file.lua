--@include keys.lua
--@include time.lua
-- A file is a hash; its listings are `tenant:<t>:files` and `tenant:<t>:files:<purpose>` (ids, which sort by time);
-- `files:expiry` says when it is to be looked at next; `file:<id>:users` are the batches that still read it.
--
-- States:  reserved  its blob is being written, nobody sees it
--          ready     until it expires
--          deleted   gone for everybody, its blob is still to be deleted

-- How long the writing of a file may take: what is reserved longer was given up.
local RESERVED_MS = 86400000
-- Whoever deletes a file deletes its blob right away; this is when somebody else does.
local DELETED_MS = 60000

local function is_file_expired(expires_at_ms)
  return tonumber(expires_at_ms or "0") <= now_ms
end

-- Whether the tenant may read the file now.
local function is_file_readable(id, tenant)
  local file = redis.call("HMGET", key("file", id), "state", "tenant", "expires_at_ms")
  return file[1] == "ready" and file[2] == tenant and not is_file_expired(file[3])
end

local function is_file_used(id)
  return redis.call("EXISTS", key("file", id, "users")) == 1
end

local function reserve_file(id, tenant, path)
  redis.call("HSET", key("file", id), "state", "reserved", "tenant", tenant, "path", path)
  redis.call("ZADD", key("files", "expiry"), now_ms + RESERVED_MS, id)
end

-- The same id again is the same file: the first one stays. Returns when it was made and when it expires.
local function write_file(id, tenant, path, filename, purpose, bytes, sha256, keep_ms)
  local known = redis.call("HMGET", key("file", id), "created_at_ms", "expires_at_ms")
  if known[1] then return tonumber(known[1]), tonumber(known[2]) end
  local expires_at_ms = now_ms + tonumber(keep_ms)
  redis.call("HSET", key("file", id), "state", "ready", "tenant", tenant, "path", path, "filename", filename,
    "purpose", purpose, "bytes", bytes, "sha256", sha256, "created_at_ms", now_ms, "expires_at_ms", expires_at_ms)
  redis.call("ZADD", key("tenant", tenant, "files"), 0, id)
  redis.call("ZADD", key("tenant", tenant, "files:" .. purpose), 0, id)
  redis.call("ZADD", key("files", "expiry"), expires_at_ms, id)
  return now_ms, expires_at_ms
end

-- From here on nobody finds it.
local function hide_file(id)
  local file = redis.call("HMGET", key("file", id), "tenant", "purpose")
  if not file[1] then return end
  redis.call("ZREM", key("tenant", file[1], "files"), id)
  if file[2] then redis.call("ZREM", key("tenant", file[1], "files:" .. file[2]), id) end
  redis.call("HSET", key("file", id), "state", "deleted", "expires_at_ms", 0)
  redis.call("ZADD", key("files", "expiry"), now_ms + DELETED_MS, id)
end
