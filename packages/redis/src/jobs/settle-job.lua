--@include past-the-limit.lua
--@include life.lua
-- End an attempt, with the fence of its lease: whoever lost the lease settles nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  job   ARGV[2]  fence   ARGV[3]  worker
-- ARGV[4]  "completed" | "retry" | "failed" | "expired" | "returned" (the worker drains: not the attempt's fault)
--          | "crashed" (the engine died with it)
-- ARGV[5]  completed: status code       otherwise: error code
-- ARGV[6]  completed: body              otherwise: error detail
-- ARGV[7]  completed: usage             retry, crashed: available_at_ms
-- ARGV[8]  completed: served by         retry: backend to exclude ("": none)   crashed: rescues that make it poison
-- ARGV[9]  ms to cool the backend down for (0: none)   ARGV[10]  1 if the failure is the backend's, 0 if not
--
-- Returns  {"settled", state} or {"lost", state, fence}; sent again, it is settled as before
local id, fence, worker, outcome = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local job = read_life(id)
local settlement = fence .. " " .. worker .. " " .. outcome

-- Failures in a row before a backend is left alone, and for how long (SCHEDULING §7.8).
local FAILURES_TO_COOL, COOLING_MS = 5, 30000

if not job.state then return { "lost", "gone", 0 } end
if job.state ~= "running" or job.fence ~= fence or job.worker ~= worker then
  -- The client library sends a command again when its reply was lost with the connection.
  if redis.call("HGET", key("job", id), "settled_by") == settlement then return { "settled", job.state } end
  return { "lost", job.state, tonumber(job.fence) }
end

redis.call("HSET", key("job", id), "settled_by", settlement)
local backend = key("backend", job.backend)
local cooling_ms = tonumber(ARGV[9])
if ARGV[10] == "1" then
  if redis.call("HINCRBY", backend, "failures", 1) >= FAILURES_TO_COOL then
    redis.call("HSET", backend, "failures", 0)
    cooling_ms = math.max(cooling_ms, COOLING_MS)
  end
elseif outcome == "completed" then
  redis.call("HSET", backend, "failures", 0)
end
if cooling_ms > 0 then
  -- The longest pause asked for counts: a short one must not end it early.
  local cooling_until_ms = tonumber(redis.call("HGET", backend, "cooling_until_ms") or "0")
  redis.call("HSET", backend, "cooling_until_ms", math.max(cooling_until_ms, now_ms + cooling_ms))
end

if outcome == "completed" then
  end_attempt(id, job, "completed")
  finish(id, job, "completed", "result_status", ARGV[5], "result_body", ARGV[6], "usage", ARGV[7],
    "served_by", ARGV[8])
  return { "settled", "completed" }
end
if outcome == "failed" then
  end_attempt(id, job, "failed", ARGV[5], ARGV[6])
  fail(id, job, ARGV[5], ARGV[6])
  return { "settled", "failed" }
end
if outcome == "expired" then
  end_attempt(id, job, "expired", ARGV[5], ARGV[6])
  finish(id, job, "expired", "error_code", ARGV[5], "error_detail", ARGV[6])
  return { "settled", "expired" }
end
if outcome == "returned" then
  end_attempt(id, job, "failed", ARGV[5], ARGV[6])
  requeue(id, job, now_ms)
  return { "settled", "queued" }
end
if outcome == "crashed" then
  end_attempt(id, job, "failed", ARGV[5], ARGV[6])
  local poison = crash(id, job, tonumber(ARGV[8]), tonumber(ARGV[7]), ARGV[5], ARGV[6])
  return { "settled", poison and "failed" or "queued" }
end
if outcome == "retry" then
  end_attempt(id, job, "failed", ARGV[5], ARGV[6])
  redis.call("HINCRBY", key("job", id), "failures", 1)
  if ARGV[8] ~= "" then
    local excluded = redis.call("HGET", key("job", id), "excluded")
    redis.call("HSET", key("job", id), "excluded", not excluded and ARGV[8] or excluded .. "," .. ARGV[8])
  end
  requeue(id, job, tonumber(ARGV[7]))
  return { "settled", "queued" }
end
return redis.error_reply("settle-job: unknown outcome " .. outcome)
