--@include life.lua
-- Take the lease of a dispatched job: the attempt begins.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  job   ARGV[2]  fence of the dispatch   ARGV[3]  worker   ARGV[4]  backend   ARGV[5]  "local" or "cloud"
--
-- Returns  {"claimed", attempt, now_ms, attempt_timeout_ms, deadline_at_ms, model, "open" | "pinned", features, request,
--           failed attempts before this one}
--          {"refused", reason}: the hint is stale, the job has ended or is another worker's
local id, fence, worker, backend = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local job = read(id, "state", "fence", "backend", "lane", "attempts", "attempt_timeout_ms", "deadline_at_ms",
  "model", "features", "request", "failures")

if not job.state then return { "refused", "gone" } end
if job.fence ~= fence then return { "refused", "stale" } end
if job.state ~= "dispatched" then return { "refused", job.state } end
if job.backend ~= backend then return { "refused", "other-backend" } end
-- The lane's name ends in "open" or "pinned"; anything but a clear "open" keeps the job off the cloud.
local pin = string.sub(job.lane, -5) == ":open" and "open" or "pinned"
if ARGV[5] ~= "local" and pin ~= "open" then return { "refused", "pinned" } end

local attempt = tonumber(job.attempts) + 1
write(id, "state", "running", "worker", worker, "attempts", attempt, "started_at_ms", now_ms)
redis.call("HSETNX", key("job", id), "first_started_at_ms", now_ms)
redis.call("SADD", key("worker", worker, "held"), id)
-- A worker that was silent may have been forgotten; who holds something must be known, or nobody rescues it.
redis.call("ZADD", key("workers"), "NX", now_ms, worker)
redis.call("HSET", key("job", id, "attempts"), attempt,
  cjson.encode({ backend = backend, started_at_ms = now_ms }))
-- The clock to start has done its work; from here only the deadline counts, and the worker keeps it.
redis.call("ZADD", key("clocks"), job.deadline_at_ms, id)
return { "claimed", attempt, now_ms, job.attempt_timeout_ms, job.deadline_at_ms, job.model, pin, job.features,
  job.request, job.failures or 0 }
