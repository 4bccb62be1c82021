--@include keys.lua
--@include time.lua
--@include batch.lua
--@include outbox.lua
-- The moves of a job's life, as packages/core/src/job/transition.ts has them, and the indices each move keeps true:
--   queued      its lane, or `retry` until it is available; `unseen` until a decision is stored
--   dispatched  `backend:<b>:dispatched` until a worker claims it
--   running     `backend:<b>:running` by the end of its attempt, `worker:<w>:held`
--   live        `clocks:deadline`, `tenant:<t>:live`, and `clocks:start` until it has run, if it has that clock
--   ended       `retained` until it is forgotten
-- and while it is live and belongs to a batch, `batch:<b>:open`.
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
  "rescues", "batch", "line", "step", "retain_ms", "webhook", "available_at_ms", "deadline_at_ms", "start_by_ms" }

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

-- A backend's slots in use: what waits for a worker of it, and what runs.
local function held_by(backend)
  return redis.call("ZCARD", key("backend", backend, "dispatched")) + redis.call("ZCARD", key("backend", backend, "running"))
end

-- Out of whatever index the state it is in keeps it.
local function leave(id, job)
  if job.state == "queued" then
    redis.call("ZREM", key("unseen"), id)
    local lane = key("lane", job.lane)
    if redis.call("ZREM", lane, id) == 1 then
      if redis.call("EXISTS", lane) == 0 then redis.call("SREM", key("lanes"), job.lane) end
    else
      redis.call("ZREM", key("retry"), id)
    end
    return
  end
  if redis.call("ZREM", key("backend", job.backend, job.state), id) == 1 then
    redis.call("HINCRBY", key("backend", job.backend), "held_tokens", -tonumber(job.tokens))
  end
  if tonumber(job.rescues) > 0 then redis.call("SREM", key("backend", job.backend, "suspects"), id) end
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
    redis.call("ZADD", key("lane", job.lane), job.score, id)
    redis.call("SADD", key("lanes"), job.lane)
  end
end

local function requeue(id, job, available_at_ms)
  leave(id, job)
  write(id, job, "state", "queued", "available_at_ms", available_at_ms, "backend", "", "worker", "")
  queue(id, job, available_at_ms)
  wake()
end

local function end_attempt(id, job, outcome, code, detail)
  redis.call("HSET", key("job", id, "attempts"), job.attempts .. ":end",
    cjson.encode({ outcome = outcome, finished_at_ms = now_ms, code = code, detail = detail }))
end

-- The one place where a job ends. State, indices, counters, batch and event change together or not at all.
local function finish(id, job, outcome, ...)
  leave(id, job)
  redis.call("ZREM", key("clocks", "deadline"), id)
  if job.start_by_ms and tonumber(job.attempts) == 0 then redis.call("ZREM", key("clocks", "start"), id) end
  redis.call("SREM", key("tenant", job.tenant, "live"), id)
  write(id, job, "state", outcome, "finished_at_ms", now_ms, "worker", "", ...)
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
