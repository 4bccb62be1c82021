--@include keys.lua
--@include time.lua

-- Into the outbox, with whom to tell: what it is about may be forgotten before anybody reads it.
local function append_event(type, subject, webhook)
  redis.call("XADD", key("events"), "*", "type", type, "subject", subject, "at_ms", now_ms, "target", webhook)
end
