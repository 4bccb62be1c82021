--@include life.lua
-- Sum up again the prompt tokens of the jobs in lanes; strays are for check-index to remove, and count for nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  1 to repair, 0 to look   ARGV[2]  longest lane to sum up   then lanes
--
-- Returns  {jobs looked at, {kind of drift, lane, …}}
local repair, longest = ARGV[1] == "1", tonumber(ARGV[2])
local inputs, looked, drift = key("lanes", "input"), 0, {}

local function sum_of(lane)
  local sum = 0
  for _, id in ipairs(redis.call("ZRANGE", key("lane", lane), 0, -1)) do
    local job = read(id, "state", "lane", "input")
    if job.state == "queued" and job.lane == lane then sum = sum + tonumber(job.input or "0") end
    looked = looked + 1
  end
  return sum
end

-- nil when a lane is too long, and false when it holds nothing.
local function expected(lane)
  local depth = redis.call("ZCARD", key("lane", lane))
  if depth == 0 then return false end
  if depth <= longest then return sum_of(lane) end
end

for index = 3, #ARGV do
  local lane = ARGV[index]
  local sum, kept = expected(lane), redis.call("HGET", inputs, lane)
  if sum ~= nil and (kept and tonumber(kept)) ~= sum then
    table.insert(drift, "lanes-input")
    table.insert(drift, lane)
    if repair and sum then redis.call("HSET", inputs, lane, sum) elseif repair then redis.call("HDEL", inputs, lane) end
  end
end
return { looked, drift }
