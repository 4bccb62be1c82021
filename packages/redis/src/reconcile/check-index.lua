--@include places.lua
-- Hold a part of an index against the records: nothing stands there that no record puts there. Scores are the records'
-- side to check.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  1 to repair, 0 to look   ARGV[2]  rescues from which a job is a suspect
-- ARGV[3]  grace of the deadline in ms   ARGV[4]  name of the index   ARGV[5]  its key   ARGV[6]  "zset" or "set"
-- ARGV[7]  cursor   ARGV[8]  about how many entries
--
-- Returns  {next cursor, entries looked at, {kind of drift, entry, …}}
local repair = ARGV[1] == "1"
local rules = { last_chance = tonumber(ARGV[2]), grace_ms = tonumber(ARGV[3]) }
local name, index_key, is_zset = ARGV[4], ARGV[5], ARGV[6] == "zset"

-- Indices of batches. One that has ended may be due once more, until a batch-worker has seen that it has.
local BATCHES = {
  ["batch-due"] = function(status) return status end,
  ["batch-running"] = function(status) return status == "in_progress" end,
  ["batch-retained"] = function(status) return status and not LIVE_BATCH[status] end,
}

local function belongs(entry)
  if name == "lanes" then return redis.call("EXISTS", key("lane", entry)) == 1 end
  if name == "tenant-lanes" then
    return redis.call("EXISTS", key("lane", entry)) == 1 and index_key == key("tenant", tenant_of(entry), "lanes")
  end
  if name == "active" then return redis.call("EXISTS", key("tenant", entry, "lanes")) == 1 end
  if BATCHES[name] then return BATCHES[name](redis.call("HGET", key("batch", entry), "status")) end
  local job = read_placed(entry)
  if not job then return false end
  -- Of whom nothing can be said, nothing is changed.
  if job.unreadable then return true end
  -- A hint: a waiting job may be told of already, and only one that does not wait has no business here.
  if name == "unseen" then return job.state == "queued" end
  if name == "fresh" then
    return job.state == "queued" and is_looked_at(job.lane, job.cloud_at_once) and not is_delayed(entry, job)
  end
  for _, place in ipairs(places(entry, job, is_delayed(entry, job), rules)) do
    if place[1] == name and place[2] == index_key then return true end
  end
  return false
end

local reply = redis.call(is_zset and "ZSCAN" or "SSCAN", index_key, ARGV[7], "COUNT", ARGV[8])
local entries, step = reply[2], is_zset and 2 or 1
local drift = {}
for index = 1, #entries, step do
  local entry = entries[index]
  if not belongs(entry) then
    table.insert(drift, name .. "-stray")
    table.insert(drift, entry)
    if repair then redis.call(is_zset and "ZREM" or "SREM", index_key, entry) end
  end
end
-- A lane that held nothing else is no lane any more.
if repair and name == "lane" and redis.call("EXISTS", index_key) == 0 then
  close_lane(string.sub(index_key, #key("lane", "") + 1))
end
return { reply[1], #entries / step, drift }
