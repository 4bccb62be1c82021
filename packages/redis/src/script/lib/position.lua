--@include keys.lua
-- Where jobs stand in line.
--
-- Each model group has six queues, which are served one after the other: of each class what is pinned, then the rest.
-- Within one, tenants take turns as their weights say (weighted fair sharing): while a tenant of weight w comes to its
-- n-th job, another one of weight v has had v * n / w of its own, if it has so many. Summed up over tenants that is a
-- function of n / w made of straight lines, `turns`. Promotion and ageing are left out: a plan may serve a job sooner or
-- later than that.

-- The order of JOB_CLASSES in core, by which a commit writes the paces of a forecast (`commit-plan.ts`): change both.
local RANK = { interactive = 1, standard = 2, batch = 3 }
-- With more lanes than that, reading all of them for every submission would cost more than the submission: then
-- `line:<group>` keeps what was summed up for a moment, with so many points of the function at most.
local FEW_LANES, KEPT_MS, MOST_POINTS = 100, 500, 64

-- nil for a lane of another version, which is no reason to refuse a job.
local function parse_lane(lane)
  local class, group, tenant, pin = string.match(lane, "^([^:]+):([^:]+):([^:]+):([^:]+)$")
  if not RANK[class] then return nil end
  return group, tenant, RANK[class] * 2 - (pin ~= "open" and 1 or 0)
end

-- Tenants that no plan has named with another weight have 1.
local weights
local function weight_of(tenant)
  if not weights then
    weights = {}
    local named = redis.call("HGETALL", key("fairness", "weights"))
    for index = 1, #named, 2 do weights[named[index]] = tonumber(named[index + 1]) end
  end
  return weights[tenant] or 1
end

-- The points where a tenant has no more jobs, as {x, …} and {jobs served by then, …}.
local function turns_of(lanes)
  table.sort(lanes, function(one, other) return one.depth / one.weight < other.depth / other.weight end)
  local served, weight, xs, jobs = 0, 0, {}, {}
  for _, lane in ipairs(lanes) do weight = weight + lane.weight end
  local every = math.ceil(#lanes / MOST_POINTS)
  for index, lane in ipairs(lanes) do
    served, weight = served + lane.depth, weight - lane.weight
    if (index - 1) % every == 0 or index == #lanes then
      local x = lane.depth / lane.weight
      table.insert(xs, x)
      table.insert(jobs, served + x * weight)
    end
  end
  return { total = served, xs = xs, jobs = jobs }
end

local function jobs_served(turns, x)
  local from_x, from_jobs = 0, 0
  for index, to_x in ipairs(turns.xs) do
    local to_jobs = turns.jobs[index]
    if x <= to_x then return from_jobs + (to_jobs - from_jobs) * (x - from_x) / (to_x - from_x) end
    from_x, from_jobs = to_x, to_jobs
  end
  return turns.total
end

-- The six queues of a model group, and how deep its lanes are, as {lane, depth, …}.
local function sum_up(group)
  local queues, depths = { {}, {}, {}, {}, {}, {} }, {}
  for _, lane in ipairs(redis.call("SMEMBERS", key("lanes"))) do
    local its_group, tenant, queue = parse_lane(lane)
    local depth = its_group == group and redis.call("ZCARD", key("lane", lane)) or 0
    if depth > 0 then
      table.insert(queues[queue], { depth = depth, weight = weight_of(tenant) })
      table.insert(depths, lane)
      table.insert(depths, depth)
    end
  end
  for index, lanes in ipairs(queues) do queues[index] = turns_of(lanes) end
  return queues, depths
end

-- A reader above maxmemory goes without.
local function keep_line(group, queues, depths)
  local line = key("line", group)
  redis.pcall("HSET", line, "queues", cmsgpack.pack(queues))
  for index = 1, #depths, 2 do redis.pcall("HSET", line, depths[index], depths[index + 1]) end
  redis.pcall("PEXPIRE", line, KEPT_MS)
end

local lines = {}
local function line_of(group)
  if lines[group] then return lines[group] end
  local is_long = redis.call("SCARD", key("lanes")) > FEW_LANES
  local kept = is_long and redis.call("HGET", key("line", group), "queues")
  local line = { depth_of = {}, added = 0 }
  if kept then
    line.queues, line.is_kept = cmsgpack.unpack(kept), true
  else
    local depths
    line.queues, depths = sum_up(group)
    for index = 1, #depths, 2 do line.depth_of[depths[index]] = depths[index + 1] end
    if is_long then keep_line(group, line.queues, depths) end
  end
  lines[group] = line
  return line
end

-- What a lane counted for when its line was summed up.
local function counted_depth(line, group, lane)
  if line.is_kept and not line.depth_of[lane] then
    line.depth_of[lane] = tonumber(redis.call("HGET", key("line", group), lane) or "0")
  end
  return line.depth_of[lane] or 0
end

-- Its place among those of its model group, and among those of its class: 1 for the job that is next; 0, 0 when it waits
-- in no lane.
local function position_of(id, lane)
  local rank = redis.call("ZRANK", key("lane", lane), id)
  local group, tenant, queue = parse_lane(lane)
  if not rank or not group then return 0, 0 end
  local line, own = line_of(group), rank + 1
  local others = jobs_served(line.queues[queue], own / weight_of(tenant))
    - math.min(own, counted_depth(line, group, lane))
  local place = own + math.max(0, math.floor(others + 0.000001))
  local pinned_queue = queue - 1 + queue % 2
  if queue > pinned_queue then place = place + line.queues[pinned_queue].total end
  local position = place
  for sooner = 1, pinned_queue - 1 do position = position + line.queues[sooner].total end
  return position, place
end

-- Jobs that wait for the model group of a lane, whatever their class, and those that this script has added.
local function length_of(lane)
  local line = line_of((parse_lane(lane)))
  local length = line.added
  for _, queue in ipairs(line.queues) do length = length + queue.total end
  return length
end

local function lane_added(lane)
  local line = lines[parse_lane(lane) or ""]
  if line then line.added = line.added + 1 end
end

local forecasts = {}

-- "<ms that one waiting job adds> <ms from dispatch to end> <ms between two of its class> <its place in the class>", as
-- the last plan had it for the lane's model group; "": it had none. Commits write groups as the names of lanes have them,
-- and the three classes' paces in the order of RANK; one that has seen none writes none.
local function forecast_of(lane, place)
  local group, _, queue = parse_lane(lane)
  group = group or ""
  if not forecasts[group] then forecasts[group] = redis.call("HGET", key("forecast"), group) or "" end
  local job_ms, residence_ms, paces = string.match(forecasts[group], "^(%S+) (%S+) ?(.*)$")
  if not job_ms then return "" end
  local class, pace_ms = math.ceil(queue / 2), "0"
  for pace in string.gmatch(paces, "%S+") do
    class = class - 1
    if class == 0 then pace_ms = pace end
  end
  return table.concat({ job_ms, residence_ms, pace_ms, place }, " ")
end
