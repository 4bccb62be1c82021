--@include submit.lua
--@include position.lua
--@include rate.lua
-- Admit jobs: each with its record, lane, clocks and idempotency record in one step, or not at all. The submissions of
-- many clients come in one call, so that they share a round trip and a sync; each is judged for itself.
--
-- Whatever makes Redis refuse writes (no memory, read-only, …) holds from the first write of a script to its last, so
-- a call is written whole or not at all.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  submissions
-- then for each submission:
--   1 tenant   2 most live jobs it may have   3 longest queue the client accepts (-1: any)
--   4 idempotency key ("": none)   5 hash of the body   6 its record is kept for this many ms
--   7 most requests in a minute   8 most prompt tokens in a minute ("": any number)
--   9 what the first answer is made from, beside id, instant and position
--   then the job, as lib/submit.lua has it
--
-- Returns  for each  {"accepted", at_ms, position, forecast},
--          {"replayed", first job, first, at_ms, position, forecast}, {"conflict"},
--          {"over-quota", live}, {"queue-too-long", length} or {"rate-limited", "requests" | "tokens", retry_after_ms};
--          forecast is as lib/position.lua has it
local SUBMISSION_ARGS = 9
-- By tenant, counted once a call.
local live = {}

-- The forecast is kept with what was said of the first one, too.
local function replay_with_forecast(tenant, idempotency_key, body_hash)
  local seen = replay(tenant, idempotency_key, body_hash)
  if seen and seen[1] == "replayed" then
    table.insert(seen, redis.call("HGET", key("idem", tenant, idempotency_key), "forecast") or "")
  end
  return seen
end

local function judge(base)
  local tenant, idempotency_key, body_hash = ARGV[base + 1], ARGV[base + 4], ARGV[base + 5]
  local job = base + SUBMISSION_ARGS
  local id, lane = ARGV[job + 1], ARGV[job + 2]

  -- The client library sends a command again when its reply was lost with the connection: the same id is the same job.
  local created_at_ms, foretold = unpack(redis.call("HMGET", key("job", id), "created_at_ms", "foretold"))
  if created_at_ms then
    if foretold then
      local position, forecast = string.match(foretold, "^(%S+) (.*)$")
      return { "accepted", tonumber(created_at_ms), tonumber(position), forecast }
    end
    local position, place = position_of(id, lane)
    return { "accepted", tonumber(created_at_ms), position, forecast_of(lane, place) }
  end

  local seen = replay_with_forecast(tenant, idempotency_key, body_hash)
  if seen then return seen end

  live[tenant] = live[tenant] or live_jobs_of(tenant)
  if live[tenant] + 1 > tonumber(ARGV[base + 2]) then return { "over-quota", live[tenant] } end

  local longest = tonumber(ARGV[base + 3])
  if longest >= 0 then
    local length = length_of(lane)
    if length > longest then return { "queue-too-long", length } end
  end

  -- Last: what is refused for another reason is not charged.
  local limit, retry_after_ms = exceeds_rate(tenant, ARGV[base + 7], ARGV[base + 8], ARGV[job + 7])
  if limit then return { "rate-limited", limit, retry_after_ms } end

  live[tenant] = live[tenant] + 1
  submit(tenant, job)
  lane_added(lane)
  local position, place = position_of(id, lane)
  local forecast = forecast_of(lane, place)
  -- Kept for the error of that estimate, which is known when the job has its answer, and for a submission sent again.
  if forecast ~= "" then redis.call("HSET", key("job", id), "foretold", position .. " " .. forecast) end
  remember(tenant, idempotency_key, body_hash, ARGV[base + 6], id, ARGV[base + 9], position)
  if idempotency_key ~= "" and forecast ~= "" then
    redis.call("HSET", key("idem", tenant, idempotency_key), "forecast", forecast)
  end
  return { "accepted", now_ms, position, forecast }
end

local replies = {}
for submission = 1, tonumber(ARGV[1]) do
  replies[submission] = judge(1 + (submission - 1) * (SUBMISSION_ARGS + JOB_ARGS))
end
wake()
return replies
