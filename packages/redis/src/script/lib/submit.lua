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
    "features", ARGV[base + 8], "description", ARGV[base + 9], "webhook", ARGV[base + 10],
    "request", ARGV[base + 11], "batch", ARGV[base + 12], "excluded", "", "backend", "", "worker", "")
  local first_clock_ms = deadline_at_ms
  if start_within_ms > 0 then
    redis.call("HSET", key("job", id), "start_by_ms", now_ms + start_within_ms)
    first_clock_ms = math.min(deadline_at_ms, now_ms + start_within_ms)
  end
  redis.call("ZADD", key("clocks"), first_clock_ms, id)
  redis.call("ZADD", key("tenant", tenant, "jobs"), 0, id)
  redis.call("ZADD", key("unseen"), now_ms, id)
  queue(id, { lane = lane, score = deadline_at_ms }, now_ms)
end

-- A tenant that comes back from idle starts at today's virtual time: idling saves nothing up (arXiv 2401.00588).
local function admit(tenant, count)
  local live = redis.call("HINCRBY", key("tenant", tenant), "live", count)
  if live > count then return end
  local clock = tonumber(redis.call("GET", key("fairness", "clock")) or "0")
  local own = tonumber(redis.call("HGET", key("fairness"), tenant) or "0")
  if own < clock then redis.call("HSET", key("fairness"), tenant, clock) end
end

-- nil, or the reply that refuses or replays a submission whose idempotency key was seen before.
local function replay(tenant, idempotency_key, body_hash)
  if idempotency_key == "" then return nil end
  local first = redis.call("HMGET", key("idem", tenant, idempotency_key), "hash", "subject")
  if not first[1] then return nil end
  if first[1] ~= body_hash then return { "conflict" } end
  return { "replayed", first[2] }
end

local function remember(tenant, idempotency_key, body_hash, subject)
  if idempotency_key == "" then return end
  redis.call("HSET", key("idem", tenant, idempotency_key), "hash", body_hash, "subject", subject)
  redis.call("PEXPIRE", key("idem", tenant, idempotency_key), 86400000)
end

local function over_quota(tenant, count, max_live)
  local live = tonumber(redis.call("HGET", key("tenant", tenant), "live") or "0")
  if live + count > max_live then return { "over-quota", live } end
  return nil
end
