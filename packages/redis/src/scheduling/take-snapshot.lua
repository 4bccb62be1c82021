--@include past-the-limit.lua
--@include life.lua
-- Move due retries to their lanes, then read what a plan needs: O(lanes + backends + jobs that could be assigned).
--
-- KEYS[1]  cell prefix
-- ARGV[1]  most due retries to move   ARGV[2]  fewest and ARGV[3] most jobs to read of a lane
-- ARGV[4]  most jobs to look at in a lane   ARGV[5]  rescues from which a job is on its last chance
--
-- Returns  {now_ms,
--           {{backend, descriptor, heard_at_ms, slots, held, held_tokens, cooling_until_ms, suspects}, …},
--           {{lane, depth, {job, fence, available_at_ms, deadline_at_ms, features, excluded, rescues, …}}, …},
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
    local held = held_by(id)
    free = free + math.max(0, tonumber(fields[5] or "0") - held)
    table.insert(backends, { id, fields[1], fields[2] or "0", fields[5] or "0", held, fields[3] or "0",
      fields[4] or "0", redis.call("SCARD", key("backend", id, "suspects")) })
  end
end

-- One more than could be assigned, so that the first job that must wait is seen and its hold explained.
local head = math.min(math.max(free + 1, tonumber(ARGV[2])), tonumber(ARGV[3]))
local most_looked_at, last_chance = tonumber(ARGV[4]), tonumber(ARGV[5])

-- After a crash many jobs on their last chance may stand in front, of which a backend takes one at a time: they do not
-- count, so that the plan also sees those behind them.
local function read_head(lane)
  local jobs, wanted, suspects, looked_at = {}, head, #backends + 1, 0
  while wanted > 0 and looked_at < most_looked_at do
    local ids = redis.call("ZRANGE", lane, looked_at, looked_at + wanted - 1)
    if #ids == 0 then break end
    looked_at = looked_at + #ids
    for _, id in ipairs(ids) do
      local job = redis.call("HMGET", key("job", id), "fence", "available_at_ms", "deadline_at_ms", "features",
        "excluded", "rescues")
      local is_suspect = tonumber(job[6] or "0") >= last_chance
      if job[1] and (not is_suspect or suspects > 0) then
        table.insert(jobs, id)
        for field = 1, 6 do table.insert(jobs, job[field] or "") end
      end
      if is_suspect then suspects = suspects - 1 else wanted = wanted - 1 end
    end
  end
  return jobs
end

local lanes = {}
for _, name in ipairs(redis.call("SMEMBERS", key("lanes"))) do
  local lane = key("lane", name)
  table.insert(lanes, { name, redis.call("ZCARD", lane), read_head(lane) })
end

return { now_ms, backends, lanes, redis.call("HGETALL", key("fairness")), redis.call("SMEMBERS", key("overflowing")) }
