--@include past-the-limit.lua
--@include life.lua
-- Apply a plan. Every assignment is checked again against the state it finds: a plan is made from a snapshot, and
-- workers, clients and clocks have gone on since. A refused assignment changes nothing and says why.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  leader   ARGV[2]  epoch   ARGV[3]  most decisions kept of a job, the latest
-- ARGV[4]  rescues from which a job is on its last chance: a backend holds at most one of those
-- ARGV[5]  JSON of {assignments: [{job, fence, backend, model, location, slots, tokens, charge, decision}],
--                   holds: [{job, decision, untold}], rejections: [{job, fence, detail, decision}], overflowing: [group]}
--
-- Returns  {"deposed"} when another leader's epoch has begun, or
--          {"applied", {job, "dispatched", fence, job, "refused", reason, …}}
local leader = redis.call("HMGET", key("leader"), "holder", "epoch")
if leader[1] ~= ARGV[1] or leader[2] ~= ARGV[2] then return { "deposed" } end
local most_decisions, last_chance = tonumber(ARGV[3]), tonumber(ARGV[4])
local plan = cjson.decode(ARGV[5])

local function record(id, decision)
  local decisions = key("job", id, "decisions")
  if redis.call("RPUSH", decisions, decision) > most_decisions then
    redis.call("LTRIM", decisions, -most_decisions, -1)
  end
end

local function refusal(job, assignment)
  if not job.state then return "gone" end
  if job.state ~= "queued" then return job.state end
  if tonumber(job.fence) ~= assignment.fence then return "stale" end
  if tonumber(job.available_at_ms) > now_ms then return "not-available" end
  if assignment.location ~= "local" and string.sub(job.lane, -5) ~= ":open" then return "pinned" end
  if held_by(assignment.backend) >= assignment.slots then return "no-slot" end
  if tonumber(job.rescues) >= last_chance and redis.call("EXISTS", key("backend", assignment.backend, "suspects")) == 1 then
    return "last-chance-alone"
  end
  return nil
end

-- Holds first: a job assigned now may have waited unseen until now, and its history is told in order.
for _, hold in ipairs(plan.holds) do
  local told = hold.untold and redis.call("EXISTS", key("job", hold.job, "decisions")) == 1
  if not told and redis.call("HGET", key("job", hold.job), "state") == "queued" then
    record(hold.job, hold.decision)
  end
end

local replies, given = {}, {}
for _, assignment in ipairs(plan.assignments) do
  local id = assignment.job
  local job = read_life(id)
  local reason = refusal(job, assignment)
  table.insert(replies, id)
  if reason then
    table.insert(replies, "refused")
    table.insert(replies, reason)
  else
    leave(id, job)
    local fence = assignment.fence + 1
    write(id, job, "state", "dispatched", "fence", fence, "backend", assignment.backend, "model", assignment.model,
      "dispatched_at_ms", now_ms)
    redis.call("ZADD", key("backend", assignment.backend, "dispatched"), now_ms, id)
    redis.call("HINCRBY", key("backend", assignment.backend), "held_tokens", job.tokens)
    if tonumber(job.rescues) >= last_chance then
      redis.call("SADD", key("backend", assignment.backend, "suspects"), id)
    end
    given[assignment.backend] = true
    local before = tonumber(redis.call("HGET", key("fairness"), job.tenant) or "0")
    redis.call("HINCRBYFLOAT", key("fairness"), job.tenant, assignment.charge)
    local clock = tonumber(redis.call("GET", key("fairness", "clock")) or "0")
    if before > clock then redis.call("SET", key("fairness", "clock"), before) end
    record(id, assignment.decision)
    table.insert(replies, "dispatched")
    table.insert(replies, fence)
  end
end
for backend in pairs(given) do redis.call("PUBLISH", key("dispatched"), backend) end
for _, rejection in ipairs(plan.rejections) do
  local job = read_life(rejection.job)
  if job.state == "queued" and tonumber(job.fence) == rejection.fence then
    record(rejection.job, rejection.decision)
    fail(rejection.job, job, "unservable", rejection.detail)
  end
end
redis.call("DEL", key("overflowing"))
for _, group in ipairs(plan.overflowing) do redis.call("SADD", key("overflowing"), group) end
return { "applied", replies }
