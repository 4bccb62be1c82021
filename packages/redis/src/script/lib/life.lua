--@include keys.lua
--@include time.lua
-- The moves of a job's life, as packages/core/src/job/transition.ts has them, and the indices each move keeps true:
-- lane, retry and clocks for a queued job; the backend's and the worker's held sets for a dispatched or running one.

local function read(id, ...)
  local values = redis.call("HMGET", key("job", id), ...)
  local job = {}
  for index, field in ipairs({ ... }) do
    job[field] = values[index] or nil
  end
  return job
end

local LIFE = { "state", "fence", "tenant", "lane", "score", "backend", "worker", "tokens", "attempts", "rescues",
  "batch", "retain_ms", "webhook", "available_at_ms", "deadline_at_ms" }

local function read_life(id)
  return read(id, unpack(LIFE))
end

local function write(id, ...)
  redis.call("HSET", key("job", id), ...)
  redis.call("HINCRBY", key("job", id), "version", 1)
end

local function is_live(job)
  return job.state == "queued" or job.state == "dispatched" or job.state == "running"
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
  local held = key("backend", job.backend, "held")
  if redis.call("ZREM", held, id) == 1 then
    -- An empty set means exactly 0 tokens: whatever drift there was ends here.
    if redis.call("EXISTS", held) == 0 then
      redis.call("HSET", key("backend", job.backend), "held_tokens", 0)
    else
      redis.call("HINCRBY", key("backend", job.backend), "held_tokens", -tonumber(job.tokens))
    end
  end
  if job.worker and job.worker ~= "" then redis.call("SREM", key("worker", job.worker, "held"), id) end
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
  write(id, "state", "queued", "available_at_ms", available_at_ms, "backend", "", "worker", "")
  queue(id, job, available_at_ms)
  wake()
end

local function end_attempt(id, job, outcome, code, detail)
  redis.call("HSET", key("job", id, "attempts"), job.attempts .. ":end",
    cjson.encode({ outcome = outcome, finished_at_ms = now_ms, code = code, detail = detail }))
end

-- The batch a job belongs to counts its end; the last one completes the batch and appends its event.
local function count_in_batch(batch, outcome)
  local counters = key("batch", batch)
  redis.call("HINCRBY", counters, outcome, 1)
  local left = redis.call("HINCRBY", counters, "left", -1)
  if left > 0 then return end
  redis.call("HSET", counters, "status", "completed", "completed_at_ms", now_ms)
  if redis.call("HEXISTS", counters, "webhook") == 1 then
    redis.call("XADD", key("events"), "*", "type", "document_batch.completed", "subject", batch, "at_ms", now_ms)
  end
  redis.call("ZADD", key("retained"), now_ms + tonumber(redis.call("HGET", counters, "retain_ms")), batch)
end

-- The one place where a job ends. State, indices, counters, batch and event change together or not at all.
local function finish(id, job, outcome, ...)
  leave(id, job)
  redis.call("ZREM", key("clocks"), id)
  redis.call("HINCRBY", key("tenant", job.tenant), "live", -1)
  write(id, "state", outcome, "finished_at_ms", now_ms, "worker", "", ...)
  redis.call("ZADD", key("retained"), now_ms + tonumber(job.retain_ms), id)
  if job.webhook and job.webhook ~= "" then
    redis.call("XADD", key("events"), "*", "type", "job." .. outcome, "subject", id, "at_ms", now_ms)
  end
  if job.batch and job.batch ~= "" then count_in_batch(job.batch, outcome) end
  redis.call("PUBLISH", key("ended"), id)
  wake()
end

local function fail(id, job, code, detail)
  finish(id, job, "failed", "error_code", code, "error_detail", detail)
end

-- Take a running job back from a worker that does not run it any more; too many of them make it poison.
-- Returns whether it was given up.
local function rescue_running(id, job, max_rescues)
  local rescues = tonumber(job.rescues) + 1
  end_attempt(id, job, "worker_lost", "worker-lost", "the worker that ran this attempt died")
  write(id, "rescues", rescues)
  if rescues >= max_rescues then
    fail(id, job, "worker-lost", rescues .. " workers died while they ran this job")
    return true
  end
  requeue(id, job, now_ms)
  return false
end
