--@include keys.lua
--@include time.lua
-- While the store is away nobody can show a sign of life. Whoever takes jobs from the silent first asks whether the
-- silence was the store's own: when nobody has asked for longer than OUTAGE_MS, it was, and workers get `grace_ms` to
-- be heard of again.
local OUTAGE_MS = 3000

local function is_silence_ours(grace_ms)
  local rescue = redis.call("HMGET", key("rescue"), "asked_at_ms", "not_before_ms")
  local not_before_ms = tonumber(rescue[2] or "0")
  if now_ms - tonumber(rescue[1] or now_ms) > OUTAGE_MS then not_before_ms = now_ms + grace_ms end
  redis.call("HSET", key("rescue"), "asked_at_ms", now_ms, "not_before_ms", not_before_ms)
  return now_ms < not_before_ms
end

-- Whether that time to be heard of again is on, as the last one who asked found it.
local function is_grace()
  return now_ms < tonumber(redis.call("HGET", key("rescue"), "not_before_ms") or "0")
end
