--@include file.lua
-- An upload is a hash, its parts another (part -> bytes); `uploads:expiry` says when what is left of it is cleared away,
-- an hour after it expired: until then it can be asked for, and whoever puts its parts together has time to end.
local KNOWN_MS = 3600000

-- Its status for this tenant; false when there is none.
local function upload_status(id, tenant)
  local upload = redis.call("HMGET", key("upload", id), "tenant", "status", "expires_at_ms")
  if upload[1] ~= tenant then return false end
  if upload[2] == "pending" and tonumber(upload[3]) <= now_ms then return "expired" end
  return upload[2]
end
