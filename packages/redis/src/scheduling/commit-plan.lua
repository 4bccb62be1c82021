--@include past-the-limit.lua
--@include life.lua
-- Apply a plan. Every assignment is checked again against the state it finds: a plan is made from a snapshot, and
-- workers, clients and clocks have gone on since. A refused assignment changes nothing and says why.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  leader   ARGV[2]  epoch   ARGV[3]  most decisions kept of a job, the latest
-- ARGV[4]  rescues from which a job is on its last chance: a backend holds at most one of those
-- ARGV[5]  a backend silent for this many ms is dead
-- ARGV[6]  JSON of {assignments: [{job, fence, backend, model, location, slots, tokens, kvLimit, charge, weight,
--                                  predictedFinishAtMs, predictedOutputTokens, cloudPrice, decision}],
--                   holds: [{job, decision, untold}], rejections: [{job, fence, detail, decision}], looked: [job],
--                   and four whole hashes as [field, value] lists: overflowing, forecasts, weights}
--
-- Returns  {"deposed"} when another leader's epoch has begun, or
--          {"applied", {job, "dispatched", fence, job, "refused", reason, …}}
local leader = redis.call("HMGET", key("leader"), "holder", "epoch")
if leader[1] ~= ARGV[1] or leader[2] ~= ARGV[2] then return { "deposed" } end
local most_decisions, last_chance, silent_ms = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local plan = cjson.decode(ARGV[6])

local function record(id, decision)
  local decisions = key("job", id, "decisions")
  if redis.call("RPUSH", decisions, decision) > most_decisions then
    redis.call("LTRIM", decisions, -most_decisions, -1)
  end
end

-- What each backend offers and holds, read once a call; `given` is what it holds more by now.
local backends = {}
local function backend_of(id)
  if backends[id] then return backends[id] end
  local heard_at_ms, draining, slots, tokens = unpack(redis.call("HMGET", key("backend", id), "heard_at_ms", "draining",
    "slots", "held_tokens"))
  local backend = {
    is_there = tonumber(heard_at_ms or "0") > now_ms - silent_ms and draining ~= "1"
      and redis.call("HEXISTS", key("backend", id), "descriptor") == 1,
    slots = tonumber(slots or "0"),
    held = held_by(id),
    tokens = tonumber(tokens or "0"),
    has_suspect = redis.call("EXISTS", key("backend", id, "suspects")) == 1,
  }
  backends[id] = backend
  return backend
end

local function refusal(job, assignment)
  if not job.state then return "gone" end
  if job.state ~= "queued" then return job.state end
  if tonumber(job.fence) ~= assignment.fence then return "stale" end
  if tonumber(job.available_at_ms) > now_ms then return "not-available" end
  if assignment.location ~= "local" and is_pinned(job.lane) then return "pinned" end
  local backend = backend_of(assignment.backend)
  if not backend.is_there then return "no-backend" end
  if backend.held >= math.min(assignment.slots, backend.slots) then return "no-slot" end
  -- What is too large for any of it runs alone, or never.
  local limit = assignment.kvLimit
  if limit and backend.held > 0 and backend.tokens + assignment.tokens > limit then return "no-kv" end
  if tonumber(job.rescues) >= last_chance and backend.has_suspect then return "last-chance-alone" end
  return nil
end

-- By tenant, in virtual tokens.
local charges = {}

local function dispatch(id, job, assignment)
  serve(job.tenant)
  leave(id, job)
  local fence = assignment.fence + 1
  write(id, job, "state", "dispatched", "fence", fence, "backend", assignment.backend, "model", assignment.model,
    "dispatched_at_ms", now_ms, "tokens", assignment.tokens, "charged", assignment.charge, "weight", assignment.weight,
    "predicted_finish_at_ms", assignment.predictedFinishAtMs, "output_p50", assignment.predictedOutputTokens,
    "cloud_price", assignment.cloudPrice)
  redis.call("ZADD", key("backend", assignment.backend, "dispatched"), now_ms, id)
  local backend = backend_of(assignment.backend)
  backend.held = backend.held + 1
  backend.tokens = backend.tokens + assignment.tokens
  backend.given = (backend.given or 0) + assignment.tokens
  if tonumber(job.rescues) >= last_chance then
    redis.call("SADD", key("backend", assignment.backend, "suspects"), id)
    backend.has_suspect = true
  end
  if is_pinned(job.lane) then
    redis.call("ZADD", key("backend", assignment.backend, "pinned"), job.deadline_at_ms, id)
  end
  charges[job.tenant] = (charges[job.tenant] or 0) + assignment.charge
  record(id, assignment.decision)
  return fence
end

-- Holds first: a job assigned now may have waited unseen until now, and its history is told in order.
for _, hold in ipairs(plan.holds) do
  local told = hold.untold and redis.call("EXISTS", key("job", hold.job, "decisions")) == 1
  if not told and redis.call("HGET", key("job", hold.job), "state") == "queued" then
    record(hold.job, hold.decision)
  end
end

local replies = {}
for _, assignment in ipairs(plan.assignments) do
  local job = read_life(assignment.job)
  local reason = refusal(job, assignment)
  table.insert(replies, assignment.job)
  if reason then
    table.insert(replies, "refused")
    table.insert(replies, reason)
  else
    table.insert(replies, "dispatched")
    table.insert(replies, dispatch(assignment.job, job, assignment))
  end
end
for id, backend in pairs(backends) do
  if backend.given then
    redis.call("HINCRBY", key("backend", id), "held_tokens", backend.given)
    redis.call("PUBLISH", key("dispatched"), id)
  end
end
for tenant, virtual_tokens in pairs(charges) do charge(tenant, virtual_tokens) end

for _, rejection in ipairs(plan.rejections) do
  local job = read_life(rejection.job)
  if job.state == "queued" and tonumber(job.fence) == rejection.fence then
    record(rejection.job, rejection.decision)
    fail(rejection.job, job, "unservable", rejection.detail)
  end
end
for _, id in ipairs(plan.looked) do redis.call("ZREM", key("fresh"), id) end

local function replace(hash, pairs)
  redis.call("DEL", hash)
  for _, pair in ipairs(pairs) do redis.call("HSET", hash, pair[1], pair[2]) end
end

local function holds(hash, pairs)
  if redis.call("HLEN", hash) ~= #pairs then return false end
  for _, pair in ipairs(pairs) do
    if tonumber(redis.call("HGET", hash, pair[1]) or "") ~= pair[2] then return false end
  end
  return true
end

replace(key("overflowing"), plan.overflowing)
replace(key("forecast"), plan.forecasts)
local weights = key("fairness", "weights")
if not holds(weights, plan.weights) then replace(weights, plan.weights) end
return { "applied", replies }
