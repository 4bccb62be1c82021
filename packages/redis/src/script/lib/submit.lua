--@include life.lua
-- Writes one admitted job. `base` is the index before its first argument:
--   1 id  2 lane  3 start_within_ms (0: none)  4 deadline_ms  5 attempt_timeout_ms  6 retain_ms  7 prompt tokens
--   8 features  9 description  10 webhook (""  none)  11 request  12 batch ("": none)
--   13 its line in the batch, from 0   14 the step of that line which it is ("": the whole of it)
--   15 max_wait_ms: its rank in the lane is that of a job due by then
--   16 hashes of its prompt's blocks ("": it has none)   17 1 if it may use the cloud whatever is before it ("": no)
local JOB_ARGS = 17

-- Redis is given numbers as text: to have each written out anew costs as much as a command.
local now = string.format("%d", now_ms)

-- A record stays a listpack, which takes a tenth of the memory, as long as none of its values has more than 64 bytes: so
-- the request, the hashes of its blocks, and later the result, have keys of their own.
local function submit(tenant, base)
  local id = ARGV[base + 1]
  local lane = ARGV[base + 2]
  local start_within_ms = tonumber(ARGV[base + 3])
  local deadline_ms = tonumber(ARGV[base + 4])
  local deadline = string.format("%d", now_ms + deadline_ms)
  local score = string.format("%d", now_ms + math.min(deadline_ms, tonumber(ARGV[base + 15])))
  local record = key("job", id)
  redis.call("HSET", record,
    "state", "queued", "fence", "0", "attempts", "0", "rescues", "0", "version", "1",
    "tenant", tenant, "lane", lane, "score", score, "available_at_ms", now,
    "created_at_ms", now, "deadline_at_ms", deadline,
    "attempt_timeout_ms", ARGV[base + 5], "retain_ms", ARGV[base + 6], "input", ARGV[base + 7],
    "features", ARGV[base + 8], "description", ARGV[base + 9])
  redis.call("SET", key("job", id, "request"), ARGV[base + 11])
  if ARGV[base + 16] ~= "" then redis.call("SET", key("job", id, "prefix"), ARGV[base + 16]) end
  if ARGV[base + 10] ~= "" then redis.call("HSET", record, "webhook", ARGV[base + 10]) end
  local cloud_at_once = ARGV[base + 17]
  if cloud_at_once ~= "" then redis.call("HSET", record, "cloud_at_once", cloud_at_once) end
  local batch, step = ARGV[base + 12], ARGV[base + 14]
  if batch ~= "" then
    redis.call("HSET", record, "batch", batch, "line", ARGV[base + 13])
    if step ~= "" then redis.call("HSET", record, "step", step) end
    redis.call("SADD", key("batch", batch, "open"), id)
  end
  if start_within_ms > 0 then
    local start_by_ms = string.format("%d", now_ms + start_within_ms)
    redis.call("HSET", record, "start_by_ms", start_by_ms)
    redis.call("ZADD", key("clocks", "start"), start_by_ms, id)
  end
  redis.call("ZADD", key("clocks", "deadline"), deadline, id)
  redis.call("SADD", key("tenant", tenant, "live"), id)
  redis.call("ZADD", key("tenant", tenant, "jobs"), "0", id)
  redis.call("ZADD", key("unseen"), now, id)
  enter_lane(id, lane, score, ARGV[base + 7], now, cloud_at_once)
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

local function live_jobs_of(tenant)
  return redis.call("SCARD", key("tenant", tenant, "live"))
end
