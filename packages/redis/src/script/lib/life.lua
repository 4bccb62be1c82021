--@include keys.lua
--@include time.lua
--@include batch.lua
--@include fairness.lua
--@include outbox.lua
-- The moves of a job's life, as packages/core/src/job/transition.ts has them, and the indices each move keeps true:
--   queued      its lane, or `retry` until it is available; `unseen` until a decision is stored; `fresh` while it is in
--               its lane, until a plan has looked at it (only jobs that may go elsewhere at once, or soon)
--   dispatched  `backend:<b>:dispatched` until a worker claims it
--   running     `backend:<b>:running` by the end of its attempt, `worker:<w>:held`
--   both        `backend:<b>:suspects` on its last chance, `backend:<b>:pinned` by its deadline if it is pinned
--   live        `clocks:deadline`, `tenant:<t>:live`, and `clocks:start` until it has run, if it has that clock
--   ended       `retained` until it is forgotten
-- and while it is live and belongs to a batch, `batch:<b>:open`. `lanes` names the lanes that hold jobs,
-- `tenant:<t>:lanes` those of a tenant, and `lanes:input` sums up their prompt tokens.
-- `script/lib/places.lua` says the same from the record's side, and the reconciler holds the one against the other.

local function read(id, ...)
  local values = redis.call("HMGET", key("job", id), ...)
  local job = {}
  for index, field in ipairs({ ... }) do
    job[field] = values[index] or nil
  end
  return job
end

local LIFE = { "state", "fence", "version", "tenant", "lane", "score", "backend", "worker", "tokens", "attempts",
  "rescues", "batch", "line", "step", "retain_ms", "webhook", "available_at_ms", "deadline_at_ms", "start_by_ms",
  "charged", "predicted_finish_at_ms", "created_at_ms", "input", "cloud_at_once" }

local function read_life(id)
  return read(id, unpack(LIFE))
end

-- Every change of a record raises its version.
local function write(id, job, ...)
  job.version = tonumber(job.version) + 1
  redis.call("HSET", key("job", id), "version", job.version, ...)
end

local function is_live(job)
  return job.state == "queued" or job.state == "dispatched" or job.state == "running"
end

-- Whatever is not clearly open is pinned.
local function is_pinned(lane)
  return not lane or string.sub(lane, -5) ~= ":open"
end

-- A backend's slots in use: what waits for a worker of it, and what runs.
local function held_by(backend)
  return redis.call("ZCARD", key("backend", backend, "dispatched")) + redis.call("ZCARD", key("backend", backend, "running"))
end

-- Whether plans look at a job wherever in its lane it stands: what is pinned can go nowhere else, and batch work is given
-- away from the front only, unless it may use the cloud whatever is before it.
local function is_looked_at(lane, cloud_at_once)
  return string.sub(lane, -5) == ":open" and (cloud_at_once == "1" or string.sub(lane, 1, 6) ~= "batch:")
end

local function enter_lane(id, lane, score, input, created_at_ms, cloud_at_once)
  if redis.call("ZADD", key("lane", lane), score, id) == 0 then return end
  if redis.call("SADD", key("lanes"), lane) == 1 then welcome(lane) end
  redis.call("HINCRBY", key("lanes", "input"), lane, input)
  if is_looked_at(lane, cloud_at_once) then redis.call("ZADD", key("fresh"), created_at_ms, id) end
end

local function close_lane(lane)
  redis.call("SREM", key("lanes"), lane)
  redis.call("HDEL", key("lanes", "input"), lane)
  part(lane)
end

-- Returns whether it was there.
local function leave_lane(id, lane, input, cloud_at_once)
  if redis.call("ZREM", key("lane", lane), id) == 0 then return false end
  if redis.call("EXISTS", key("lane", lane)) == 0 then
    close_lane(lane)
  else
    redis.call("HINCRBY", key("lanes", "input"), lane, 0 - tonumber(input))
  end
  if is_looked_at(lane, cloud_at_once) then redis.call("ZREM", key("fresh"), id) end
  return true
end

-- Out of whatever index the state it is in keeps it.
local function leave(id, job)
  if job.state == "queued" then
    redis.call("ZREM", key("unseen"), id)
    if not leave_lane(id, job.lane, job.input or "0", job.cloud_at_once) then redis.call("ZREM", key("retry"), id) end
    return
  end
  if redis.call("ZREM", key("backend", job.backend, job.state), id) == 1 then
    redis.call("HINCRBY", key("backend", job.backend), "held_tokens", -tonumber(job.tokens))
  end
  if tonumber(job.rescues) > 0 then redis.call("SREM", key("backend", job.backend, "suspects"), id) end
  if is_pinned(job.lane) then redis.call("ZREM", key("backend", job.backend, "pinned"), id) end
  if job.state == "running" then redis.call("SREM", key("worker", job.worker, "held"), id) end
end

local function wake()
  redis.call("PUBLISH", key("wake"), "")
end

-- Into its lane with the rank it always had, or into the retry set until `available_at_ms`.
local function queue(id, job, available_at_ms)
  if available_at_ms > now_ms then
    redis.call("ZADD", key("retry"), available_at_ms, id)
  else
    enter_lane(id, job.lane, job.score, job.input or "0", job.created_at_ms, job.cloud_at_once)
  end
end

-- What the tenant was charged for an attempt that it got nothing of goes back to it.
local function refund(id, job)
  if not job.charged then return end
  charge(job.tenant, -tonumber(job.charged))
  redis.call("HDEL", key("job", id), "charged")
  job.charged = nil
end

local function requeue(id, job, available_at_ms)
  leave(id, job)
  write(id, job, "state", "queued", "available_at_ms", available_at_ms, "backend", "", "worker", "")
  queue(id, job, available_at_ms)
  -- After it: see `welcome`.
  refund(id, job)
  wake()
end

-- `more`: further fields of the attempt's record.
local function end_attempt(id, job, outcome, code, detail, more)
  local record = more or {}
  record.outcome, record.finished_at_ms, record.code, record.detail = outcome, now_ms, code, detail
  record.predicted_finish_at_ms = tonumber(job.predicted_finish_at_ms)
  redis.call("HSET", key("job", id, "attempts"), job.attempts .. ":end", cjson.encode(record))
end

-- The one place where a job ends. State, indices, counters, batch and event change together or not at all.
local function finish(id, job, outcome, ...)
  leave(id, job)
  if job.state == "dispatched" then refund(id, job) end
  redis.call("ZREM", key("clocks", "deadline"), id)
  if job.start_by_ms and tonumber(job.attempts) == 0 then redis.call("ZREM", key("clocks", "start"), id) end
  redis.call("SREM", key("tenant", job.tenant, "live"), id)
  write(id, job, "state", outcome, "finished_at_ms", now_ms, "worker", "", ...)
  redis.call("DEL", key("job", id, "prefix"))
  redis.call("ZADD", key("retained"), now_ms + tonumber(job.retain_ms), id)
  if job.webhook then append_event("job." .. outcome, id, job.webhook) end
  if job.batch then leave_batch(id, job, outcome) end
  redis.call("PUBLISH", key("ended"), id)
  wake()
end

local function fail(id, job, code, detail)
  finish(id, job, "failed", "error_code", code, "error_detail", detail)
end

-- A worker or an engine died with this job in its hands: back to its lane at `available_at_ms`, or given up as poison.
-- Returns whether it was given up.
local function crash(id, job, max_rescues, available_at_ms, code, detail)
  local rescues = tonumber(job.rescues) + 1
  redis.call("HSET", key("job", id), "rescues", rescues)
  if rescues >= max_rescues then
    fail(id, job, code, rescues .. " workers or engines died while they ran this job; the last time " .. detail)
    return true
  end
  -- It keeps its charge: a tenant pays for what its jobs bring down.
  redis.call("HDEL", key("job", id), "charged")
  job.charged = nil
  requeue(id, job, available_at_ms)
  return false
end

-- Take a running job back from a worker that will not end it any more.
local function rescue_running(id, job, max_rescues, detail)
  end_attempt(id, job, "worker_lost", "worker-lost", detail)
  return crash(id, job, max_rescues, now_ms, "worker-lost", detail)
end

-- Take a running job back from a worker that lives and does not run it: nobody's fault.
local function take_back(id, job, detail)
  end_attempt(id, job, "worker_lost", "worker-lost", detail)
  requeue(id, job, now_ms)
end
