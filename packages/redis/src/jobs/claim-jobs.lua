--@include past-the-limit.lua
--@include life.lua
-- Take the leases of jobs dispatched to a backend, oldest dispatch first: their attempts begin.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  worker   ARGV[2]  backend   ARGV[3]  "local" or "cloud"   ARGV[4]  most jobs
-- ARGV[5]  no further job once the requests taken have this many bytes
-- ARGV[6]  a pinned job found at a cloud backend is kept away for this many ms
--
-- Returns  {now_ms, {{job, fence, attempt, attempt_timeout_ms, deadline_at_ms, model, "open" | "pinned", features, request,
--           failed attempts before this one, workers and engines that died with it, dispatched_at_ms,
--           predicted_finish_at_ms ("": none), tenant, class, created_at_ms, tokens its answer is taken for ("": none),
--           what the first estimate was made from, as submit-jobs.lua has it ("": none)}, …},
--           {pinned job found at a cloud backend and taken back, …}}
local worker, backend, location = ARGV[1], ARGV[2], ARGV[3]
local most_bytes = tonumber(ARGV[5])
local claims, blocked, bytes = {}, {}, 0
local dispatched, running = key("backend", backend, "dispatched"), key("backend", backend, "running")

local function claim(id, job, pin, request)
  bytes = bytes + #request
  local attempt = tonumber(job.attempts) + 1
  local ends_at_ms = math.min(now_ms + tonumber(job.attempt_timeout_ms), tonumber(job.deadline_at_ms))
  redis.call("ZREM", dispatched, id)
  redis.call("ZADD", running, ends_at_ms, id)
  redis.call("SADD", key("worker", worker, "held"), id)
  redis.call("HSET", key("job", id, "attempts"), attempt,
    cjson.encode({ backend = backend, fence = tonumber(job.fence), started_at_ms = now_ms }))
  if attempt == 1 then
    write(id, job, "state", "running", "worker", worker, "attempts", attempt, "started_at_ms", now_ms,
      "first_started_at_ms", now_ms)
    -- The clock to start has done its work; from here only the deadline counts, and the worker keeps it.
    if job.start_by_ms then redis.call("ZREM", key("clocks", "start"), id) end
  else
    write(id, job, "state", "running", "worker", worker, "attempts", attempt, "started_at_ms", now_ms)
  end
  table.insert(claims, { id, tonumber(job.fence), attempt, tonumber(job.attempt_timeout_ms),
    tonumber(job.deadline_at_ms), job.model, pin, job.features, request, tonumber(job.failures or 0),
    tonumber(job.rescues), tonumber(job.dispatched_at_ms), job.predicted_finish_at_ms or "", job.tenant,
    string.match(job.lane or "", "^[^:]*"), tonumber(job.created_at_ms), job.output_p50 or "", job.foretold or "" })
end

for _, id in ipairs(redis.call("ZRANGE", dispatched, 0, tonumber(ARGV[4]) - 1)) do
  local job = read(id, "state", "fence", "version", "backend", "lane", "score", "worker", "tokens", "attempts", "rescues",
    "attempt_timeout_ms", "deadline_at_ms", "start_by_ms", "model", "features", "failures", "dispatched_at_ms",
    "predicted_finish_at_ms", "tenant", "created_at_ms", "output_p50", "foretold")
  -- The lane's name ends in "open" or "pinned"; anything but a clear "open" keeps the job off the cloud.
  local pin = job.lane and string.sub(job.lane, -5) == ":open" and "open" or "pinned"
  if job.state ~= "dispatched" or job.backend ~= backend then
    redis.call("ZREM", dispatched, id)
  elseif location ~= "local" and pin ~= "open" then
    requeue(id, read_life(id), now_ms + tonumber(ARGV[6]))
    table.insert(blocked, id)
  else
    local request = redis.call("GET", key("job", id, "request"))
    if request then
      claim(id, job, pin, request)
    else
      -- One record that is not whole must not keep the others from being claimed.
      fail(id, read_life(id), "unservable", "the store does not hold the request of this job any more")
    end
    if bytes >= most_bytes then break end
  end
end
-- A worker that was silent may have been forgotten; who holds something must be known, or nobody rescues it.
if #claims > 0 then redis.call("ZADD", key("workers"), "NX", now_ms, worker) end
return { now_ms, claims, blocked }
