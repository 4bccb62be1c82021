--@include life.lua
-- Count again the tokens of what a backend holds; strays are for check-index to remove, and count for nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  1 to repair, 0 to look   ARGV[2]  backend
--
-- Returns  {jobs counted, {kind of drift, backend}}
local backend = ARGV[2]
local tokens, held = 0, 0
for _, state in ipairs({ "dispatched", "running" }) do
  for _, id in ipairs(redis.call("ZRANGE", key("backend", backend, state), 0, -1)) do
    local job = read(id, "state", "backend", "tokens")
    if job.state == state and job.backend == backend then tokens = tokens + tonumber(job.tokens or "0") end
    held = held + 1
  end
end
local counted = tonumber(redis.call("HGET", key("backend", backend), "held_tokens") or "0")
if counted == tokens then return { held, {} } end
if ARGV[1] == "1" then redis.call("HSET", key("backend", backend), "held_tokens", tokens) end
return { held, { "held-tokens", backend } }
