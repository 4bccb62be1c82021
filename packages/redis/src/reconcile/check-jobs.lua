--@include places.lua
-- Hold jobs' records against the indices: each job stands in every place that its record names, with that score.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  1 to repair, 0 to look   ARGV[2]  rescues from which a job is a suspect
-- ARGV[3]  grace of the deadline in ms   then the ids of jobs
--
-- Returns  {kind of drift, job, kind of drift, job, …}
local repair = ARGV[1] == "1"
local rules = { last_chance = tonumber(ARGV[2]), grace_ms = tonumber(ARGV[3]) }
local drift = {}

-- nil, "missing" or "misplaced"
local function fault(place)
  local index_key, member, score = place[2], place[3], place[4]
  if not score then
    return redis.call("SISMEMBER", index_key, member) == 0 and "missing" or nil
  end
  local found = redis.call("ZSCORE", index_key, member)
  if not found then return "missing" end
  if score == "any" then return nil end
  found = tonumber(found)
  if place.or_more and found > score then return nil end
  return found ~= score and found ~= place.late and "misplaced" or nil
end

local function put(place)
  if place[4] == nil then
    redis.call("SADD", place[2], place[3])
  else
    -- Nobody has heard of a worker that is not known: it gets no time to be heard of again.
    redis.call("ZADD", place[2], place[4] == "any" and 0 or place[4], place[3])
  end
end

for index = 4, #ARGV do
  local id = ARGV[index]
  local job = read_placed(id)
  -- It may be gone since the caller saw it.
  if job and not job.unreadable then
    for _, place in ipairs(places(id, job, is_delayed(id, job), rules)) do
      local wrong = fault(place)
      if wrong then
        table.insert(drift, place[1] .. "-" .. wrong)
        table.insert(drift, place[3])
        if repair then put(place) end
      end
    end
  end
end
return drift
