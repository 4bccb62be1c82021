--@include keys.lua
-- Where jobs stand in line. The lanes are read once a script: a call that adds jobs tells `lane_added` of new lanes.

local RANK = { interactive = 1, standard = 2, batch = 3 }
local lanes_of_group

local function lane_added(lane)
  if not lanes_of_group then return end
  local class, group = string.match(lane, "^([^:]+):([^:]+):")
  -- A lane of another version is no reason to refuse a job.
  if not RANK[class] then return end
  local lanes = lanes_of_group[group] or {}
  lanes_of_group[group] = lanes
  lanes[lane] = class
end

-- The lanes that hold jobs of a model group, as {lane = class}.
local function lanes_of(group)
  if not lanes_of_group then
    lanes_of_group = {}
    for _, lane in ipairs(redis.call("SMEMBERS", key("lanes"))) do lane_added(lane) end
  end
  return lanes_of_group[group] or {}
end

-- 1 for the job that is next among those of its model group, more urgent classes first, then earlier deadlines;
-- 0 when it waits in no lane. Fairness between tenants may serve it sooner or later than that. `deadline_at_ms` is its
-- score in the lane, for those who know it.
local function position_of(id, lane, class, group, deadline_at_ms)
  deadline_at_ms = deadline_at_ms or redis.call("ZSCORE", key("lane", lane), id)
  if not deadline_at_ms then return 0 end
  local position = 1
  for other, other_class in pairs(lanes_of(group)) do
    if other == lane then
      position = position + redis.call("ZRANK", key("lane", lane), id)
    elseif RANK[other_class] < RANK[class] then
      position = position + redis.call("ZCARD", key("lane", other))
    elseif other_class == class then
      position = position + redis.call("ZCOUNT", key("lane", other), "-inf", "(" .. deadline_at_ms)
    end
  end
  return position
end

-- Jobs that wait for a model group, whatever their class.
local function length_of(group)
  local length = 0
  for lane in pairs(lanes_of(group)) do length = length + redis.call("ZCARD", key("lane", lane)) end
  return length
end
