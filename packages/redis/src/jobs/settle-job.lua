--@include past-the-limit.lua
--@include life.lua
--@include lengths.lua
-- End an attempt, with the fence of its lease: whoever lost the lease settles nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  job   ARGV[2]  fence   ARGV[3]  worker
-- ARGV[4]  "completed" | "retry" | "failed" | "expired" | "returned" (the worker drains: not the attempt's fault)
--          | "crashed" (the engine died with it)
-- ARGV[5]  completed: the result        otherwise: error code
-- ARGV[6]                               otherwise: error detail
-- ARGV[7]                               retry, crashed: available_at_ms
-- ARGV[8]                               retry: backend to exclude ("": none)   crashed: rescues that make it poison
-- ARGV[9]  ms to cool the backend down for (0: none)   ARGV[10]  1 if the failure is the backend's, 0 if not
-- ARGV[11] completed: prompt tokens   ARGV[12] completed: answer tokens   ARGV[13] completed: "local" or "cloud"
--
-- Returns  {"settled", state} or {"lost", state, fence}; sent again, it is settled as before
local id, fence, worker, outcome = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local job = read_life(id)
local settlement = fence .. " " .. worker .. " " .. outcome

-- So many failures in a row, and a backend is left alone: for a second, twice as long each time until one succeeds, and
-- never so long that one which is well again waits (docs/decisions/2026-11-21-cooling-grows.md).
local FAILURES_TO_COOL, SHORTEST_MS, LONGEST_MS = 5, 1000, 8000

if not job.state then return { "lost", "gone", 0 } end
if job.state ~= "running" or job.fence ~= fence or job.worker ~= worker then
  -- The client library sends a command again when its reply was lost with the connection.
  if redis.call("HGET", key("job", id), "settled_by") == settlement then return { "settled", job.state } end
  return { "lost", job.state, tonumber(job.fence) }
end

redis.call("HSET", key("job", id), "settled_by", settlement)
local backend = key("backend", job.backend)
local cooling_ms = tonumber(ARGV[9])
local cooling_until_ms = tonumber(redis.call("HGET", backend, "cooling_until_ms") or "0")
if ARGV[10] == "1" then
  local failures = redis.call("HINCRBY", backend, "failures", 1)
  -- Those that were under way when it was left alone say nothing new.
  if failures >= FAILURES_TO_COOL and cooling_until_ms <= now_ms then
    local times = redis.call("HINCRBY", backend, "coolings", 1) - 1
    cooling_ms = math.max(cooling_ms, math.min(LONGEST_MS, SHORTEST_MS * 2 ^ times))
  end
elseif outcome == "completed" then
  redis.call("HSET", backend, "failures", 0, "coolings", 0)
end
if cooling_ms > 0 then
  -- The longest pause asked for counts: a short one must not end it early.
  redis.call("HSET", backend, "cooling_until_ms", math.max(cooling_until_ms, now_ms + cooling_ms))
end

-- How much longer the answer is than the plan took it for. An answer of no tokens says nothing: some jobs have none, and
-- some backends do not count them.
local function output_error(output, predicted)
  if not predicted or output == 0 then return nil end
  return output - tonumber(predicted)
end

-- What the cloud would have taken for work that was done locally.
local function counterfactual_usd(input, output)
  local price = redis.call("HGET", key("job", id), "cloud_price")
  local input_usd, output_usd = string.match(price or "", "^(%S+) (%S+)$")
  if ARGV[13] ~= "local" or not input_usd then return cjson.null end
  return (input * tonumber(input_usd) + output * tonumber(output_usd)) / 1000000
end

if outcome == "completed" then
  local input, output = tonumber(ARGV[11]), tonumber(ARGV[12])
  local predicted_ms = tonumber(job.predicted_finish_at_ms)
  local features, weight, output_p50 = unpack(redis.call("HMGET", key("job", id), "features", "weight", "output_p50"))
  end_attempt(id, job, "completed", nil, nil, {
    prediction_error_ms = predicted_ms and now_ms - predicted_ms,
    output_error_tokens = output_error(output, output_p50),
    counterfactual_usd = counterfactual_usd(input, output),
  })
  redis.call("SET", key("job", id, "result"), ARGV[5])
  -- A backend that does not say what it used is taken at the scheduler's word.
  if job.charged and weight and input + output > 0 then
    local used = (input + 2 * output) / tonumber(weight)
    charge(job.tenant, used - tonumber(job.charged))
    redis.call("HSET", key("job", id), "charged", used)
  end
  learn_lengths(job.tenant, job.lane, features or "", output)
  finish(id, job, "completed")
  return { "settled", "completed" }
end
if outcome == "failed" then
  end_attempt(id, job, "failed", ARGV[5], ARGV[6])
  if ARGV[10] == "1" then refund(id, job) end
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
