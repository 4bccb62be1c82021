--@include life.lua
-- Writes one admitted job. `base` is the index before its first argument:
--   1 id  2 lane  3 start_within_ms (0: none)  4 deadline_ms  5 attempt_timeout_ms  6 retain_ms  7 tokens
--   8 features  9 description  10 webhook (""  none)  11 request  12 batch ("": none)
local JOB_ARGS = 12

local function submit(tenant, base)
  local id = ARGV[base + 1]
  local lane = ARGV[base + 2]
  local start_within_ms = tonumber(ARGV[base + 3])
  local deadline_at_ms = now_ms + tonumber(ARGV[base + 4])
  redis.call("HSET", key("job", id),
    "state", "queued", "fence", 0, "attempts", 0, "rescues", 0, "version", 1,
    "tenant", tenant, "lane", lane, "score", deadline_at_ms, "available_at_ms", now_ms,
    "created_at_ms", now_ms, "deadline_at_ms", deadline_at_ms,
    "attempt_timeout_ms", ARGV[base + 5], "retain_ms", ARGV[base + 6], "tokens", ARGV[base + 7],
    "features", ARGV[base + 8], "description", ARGV[base + 9], "request", ARGV[base + 11])
  if ARGV[base + 10] ~= "" then redis.call("HSET", key("job", id), "webhook", ARGV[base + 10]) end
  if ARGV[base + 12] ~= "" then redis.call("HSET", key("job", id), "batch", ARGV[base + 12]) end
  if start_within_ms > 0 then
    redis.call("HSET", key("job", id), "start_by_ms", now_ms + start_within_ms)
    redis.call("ZADD", key("clocks", "start"), now_ms + start_within_ms, id)
  end
  redis.call("ZADD", key("clocks", "deadline"), deadline_at_ms, id)
  redis.call("SADD", key("tenant", tenant, "live"), id)
  redis.call("ZADD", key("tenant", tenant, "jobs"), 0, id)
  redis.call("ZADD", key("unseen"), now_ms, id)
  queue(id, { lane = lane, score = deadline_at_ms }, now_ms)
end

-- A tenant that comes back from idle starts at today's virtual time: idling saves nothing up (arXiv 2401.00588).
-- Call it before its jobs are written.
local function welcome(tenant)
  if redis.call("EXISTS", key("tenant", tenant, "live")) == 1 then return end
  local clock = tonumber(redis.call("GET", key("fairness", "clock")) or "0")
  local own = tonumber(redis.call("HGET", key("fairness"), tenant) or "0")
  if own < clock then redis.call("HSET", key("fairness"), tenant, clock) end
end

-- nil, or the reply that refuses or replays a submission whose idempotency key was seen before: `first` is what the
-- first answer was made from, and outlives the subject itself.
local function replay(tenant, idempotency_key, body_hash)
  if idempotency_key == "" then return nil end
  local seen = redis.call("HMGET", key("idem", tenant, idempotency_key), "hash", "subject", "first", "at_ms", "position")
  if not seen[1] then return nil end
  if seen[1] ~= body_hash then return { "conflict" } end
  return { "replayed", seen[2], seen[3], tonumber(seen[4]), tonumber(seen[5]) }
end

local function remember(tenant, idempotency_key, body_hash, keep_ms, subject, first, position)
  if idempotency_key == "" then return end
  local record = key("idem", tenant, idempotency_key)
  redis.call("HSET", record, "hash", body_hash, "subject", subject, "first", first, "at_ms", now_ms,
    "position", position)
  redis.call("PEXPIRE", record, keep_ms)
end

local function over_quota(tenant, count, max_live)
  local live = redis.call("SCARD", key("tenant", tenant, "live"))
  if live + count > max_live then return { "over-quota", live } end
  return nil
end
