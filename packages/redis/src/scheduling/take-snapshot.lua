--@include life.lua
-- Move due retries to their lanes, then read what a plan needs: O(lanes + backends + jobs that could be assigned).
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most due retries to move   ARGV[2]  fewest and ARGV[3] most jobs to read of a lane
--
-- Returns  {now_ms,
--           {{backend, descriptor, heard_at_ms, slots, held, held_tokens, cooling_until_ms}, …},
--           {{lane, depth, {job, fence, available_at_ms, deadline_at_ms, features, excluded, …}}, …},
--           {tenant, virtual tokens, …},
--           {overflowing model group, …}}
for _, id in ipairs(redis.call("ZRANGE", key("retry"), "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])) do
  local job = read(id, "state", "lane", "score")
  redis.call("ZREM", key("retry"), id)
  if job.state == "queued" then queue(id, job, now_ms) end
end

local backends, free = {}, 0
for _, id in ipairs(redis.call("SMEMBERS", key("backends"))) do
  local fields = redis.call("HMGET", key("backend", id), "descriptor", "heard_at_ms", "held_tokens",
    "cooling_until_ms", "slots")
  if fields[1] then
    local held = redis.call("ZCARD", key("backend", id, "held"))
    free = free + math.max(0, tonumber(fields[5] or "0") - held)
    table.insert(backends, { id, fields[1], fields[2] or "0", fields[5] or "0", held, fields[3] or "0",
      fields[4] or "0" })
  end
end

-- One more than could be assigned, so that the first job that must wait is seen and its hold explained.
local head = math.min(math.max(free + 1, tonumber(ARGV[2])), tonumber(ARGV[3]))
local lanes = {}
for _, lane in ipairs(redis.call("SMEMBERS", key("lanes"))) do
  local ids = redis.call("ZRANGE", key("lane", lane), 0, head - 1)
  local jobs = {}
  for _, id in ipairs(ids) do
    local job = redis.call("HMGET", key("job", id), "fence", "available_at_ms", "deadline_at_ms", "features", "excluded")
    if job[1] then
      table.insert(jobs, id)
      for field = 1, 5 do table.insert(jobs, job[field]) end
    end
  end
  table.insert(lanes, { lane, redis.call("ZCARD", key("lane", lane)), jobs })
end

return { now_ms, backends, lanes, redis.call("HGETALL", key("fairness")), redis.call("SMEMBERS", key("overflowing")) }
