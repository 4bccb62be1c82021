--@include life.lua
-- Hold a batch's counters against its jobs, and a completed batch against the index that forgets it in time.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  1 to repair, 0 to look   ARGV[2]  batch
--
-- Returns  {items counted, {kind of drift, batch, …}}
local repair, batch = ARGV[1] == "1", ARGV[2]
local OUTCOMES = { "completed", "failed", "cancelled", "expired" }
local batch_key = key("batch", batch)
local record = {}
local FIELDS = { "status", "left", "completed_at_ms", "retain_ms", unpack(OUTCOMES) }
for index, value in ipairs(redis.call("HMGET", batch_key, unpack(FIELDS))) do record[FIELDS[index]] = value end

local function check_completed()
  if not record.completed_at_ms or not record.retain_ms then return { 0, {} } end
  local until_ms = tonumber(record.completed_at_ms) + tonumber(record.retain_ms)
  local found = redis.call("ZSCORE", key("retained"), batch)
  if found and tonumber(found) == until_ms then return { 0, {} } end
  if repair then redis.call("ZADD", key("retained"), until_ms, batch) end
  return { 0, { found and "retained-misplaced" or "retained-missing", batch } }
end

-- nil when a job is forgotten already: what it came to is known to the counters alone.
local function count(items)
  local counts = { left = 0, completed = 0, failed = 0, cancelled = 0, expired = 0 }
  for _, text in ipairs(items) do
    local id = cjson.decode(text).job
    -- A document that could not be read has no job and failed at once.
    local state = id and redis.call("HGET", key("job", id), "state") or (not id and "failed")
    if not state then return nil end
    if not counts[state] then state = "left" end
    counts[state] = counts[state] + 1
  end
  return counts
end

local function agrees(counts)
  for counter, value in pairs(counts) do
    if tonumber(record[counter]) ~= value then return false end
  end
  return counts.left > 0
end

local function rewrite(counts)
  if counts.left > 0 then
    for counter, value in pairs(counts) do redis.call("HSET", batch_key, counter, value) end
    return
  end
  -- Nothing is left: the batch ends as it always does, with the last of its jobs.
  local last
  for _, outcome in ipairs(OUTCOMES) do
    if counts[outcome] > 0 then last = outcome end
  end
  counts[last] = counts[last] - 1
  counts.left = 1
  for counter, value in pairs(counts) do redis.call("HSET", batch_key, counter, value) end
  count_in_batch(batch, last)
end

if record.status == "completed" then return check_completed() end
if record.status ~= "in_progress" then return { 0, {} } end
local items = redis.call("LRANGE", key("batch", batch, "items"), 0, -1)
local counts = count(items)
if #items == 0 or not counts or agrees(counts) then return { #items, {} } end
if repair then rewrite(counts) end
return { #items, { "batch-counters", batch } }
