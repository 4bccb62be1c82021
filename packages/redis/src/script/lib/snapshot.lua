--@include life.lua
-- What a plan is made from, read at one instant: O(lanes + backends + jobs that could be assigned + fresh jobs).

local VIEW = { "fence", "created_at_ms", "available_at_ms", "deadline_at_ms", "features", "excluded", "rescues" }

-- Features as this version writes them. Others are told of and do not count, so that jobs behind them are seen.
local READABLE = "^%S+ %S+ %S+ %S+ %S+"

-- Of lanes and jobs there may be thousands: what is told of one is a single text, which its reader gets for a third of
-- what a list of its fields would cost.
local SEPARATOR = "\31"

-- The fields above and the hashes of its prompt's blocks as one text; its rescues; whether this version can read it. nil
-- when it has no record.
local function view_of(id)
  local fields = redis.call("HMGET", key("job", id), unpack(VIEW))
  if not fields[1] then return nil, 0 end
  for index = 1, #VIEW do fields[index] = fields[index] or "" end
  fields[#VIEW + 1] = redis.call("GET", key("job", id, "prefix")) or ""
  local features, rescues = fields[5], tonumber(fields[7]) or 0
  return table.concat(fields, SEPARATOR), rescues, string.find(features, READABLE)
end

-- Of the pinned jobs that a backend holds, the next deadline, whose it is and that tenant's counter; "": none. What is
-- overdue is past helping.
local function next_pinned_due(backend)
  local pinned = key("backend", backend, "pinned")
  local id, at_ms = unpack(redis.call("ZRANGE", pinned, "(" .. now_ms, "+inf", "BYSCORE", "LIMIT", 0, 1, "WITHSCORES"))
  if not id then return "", "", "" end
  local tenant = redis.call("HGET", key("job", id), "tenant") or ""
  return at_ms, tenant, redis.call("HGET", key("fairness"), tenant) or "0"
end

-- And the number of free slots of all of them.
local function read_backends()
  local backends, free = {}, 0
  for _, id in ipairs(redis.call("SMEMBERS", key("backends"))) do
    local fields = redis.call("HMGET", key("backend", id), "descriptor", "heard_at_ms", "held_tokens",
      "cooling_until_ms", "slots")
    if fields[1] then
      local held = held_by(id)
      free = free + math.max(0, tonumber(fields[5] or "0") - held)
      table.insert(backends, { id, fields[1], fields[2] or "0", fields[5] or "0", held, fields[3] or "0",
        fields[4] or "0", redis.call("SCARD", key("backend", id, "suspects")), next_pinned_due(id) })
    end
  end
  return backends, free
end

-- Adds the first jobs of the lane with this key to `told`, each as its id and its view.
-- After a crash many jobs on their last chance may stand in front, of which a backend takes one at a time: beyond
-- `suspects` they do not count, so that the plan also sees those behind them.
local function read_head(told, lane, wanted, suspects, most_looked_at, last_chance)
  local looked_at = 0
  while wanted > 0 and looked_at < most_looked_at do
    local ids = redis.call("ZRANGE", lane, looked_at, looked_at + wanted - 1)
    if #ids == 0 then break end
    looked_at = looked_at + #ids
    for _, id in ipairs(ids) do
      local view, rescues, is_readable = view_of(id)
      local is_suspect = rescues >= last_chance
      if view and (not is_suspect or suspects > 0) then
        table.insert(told, id)
        table.insert(told, view)
      end
      if is_suspect then
        suspects = suspects - 1
      elseif is_readable then
        wanted = wanted - 1
      end
    end
  end
  return told
end

-- The oldest jobs that no plan has looked at, as {lane, jobs before it, id, view}. One that is in no lane waits for its
-- retry.
local function read_fresh(most)
  local fresh = {}
  for _, id in ipairs(redis.call("ZRANGE", key("fresh"), 0, most - 1)) do
    local lane = redis.call("HGET", key("job", id), "lane")
    local ahead = lane and redis.call("ZRANK", key("lane", lane), id)
    local view = ahead and view_of(id)
    if view then table.insert(fresh, { lane, ahead, id, view }) end
  end
  return fresh
end

-- The values of many fields of a hash, "0" for those it has not: one command for a thousand, not one for each.
local function read_fields(hash, fields)
  local values = {}
  for first = 1, #fields, 1000 do
    local some = redis.call("HMGET", hash, unpack(fields, first, math.min(first + 999, #fields)))
    for index = 1, math.min(1000, #fields - first + 1) do values[first + index - 1] = some[index] or "0" end
  end
  return values
end

-- The counters of the lanes' tenants, in the order of the lanes.
local function read_counters(lanes)
  local tenants = {}
  for index, lane in ipairs(lanes) do tenants[index] = tenant_of(lane) or "" end
  return read_fields(key("fairness"), tenants)
end

-- A version before this one kept a set, which is no hash to Redis; it lasts until the next commit.
local function read_overflowing()
  if redis.call("TYPE", key("overflowing")).ok ~= "hash" then return {} end
  return redis.call("HGETALL", key("overflowing"))
end

-- `base` is the index before its first argument:
--   1 fewest and 2 most jobs to read of a lane   3 jobs to read beyond that of a lane of class batch, while a slot is free
--   4 most jobs to look at in a lane   5 rescues from which a job is on its last chance   6 most fresh jobs
--
-- Returns, with | for the separator,
--          {now_ms,
--           {{backend, descriptor, heard_at_ms, slots, held, held_tokens, cooling_until_ms, suspects,
--             next deadline of a pinned job it holds, its tenant, that tenant's virtual tokens}, …},
--           {{lane | depth | prompt tokens | virtual tokens of its tenant, job, view, job, view, …}, …},
--           {{lane, jobs before it, job, view}, …},
--           {overflowing model group, since_ms, …}}
local function read_snapshot(base)
  local fewest, most, of_batch = tonumber(ARGV[base + 1]), tonumber(ARGV[base + 2]), tonumber(ARGV[base + 3])
  local most_looked_at, last_chance = tonumber(ARGV[base + 4]), tonumber(ARGV[base + 5])
  local backends, free = read_backends()
  local names, lanes = redis.call("SMEMBERS", key("lanes")), {}
  -- Twice what could be assigned, spread over the lanes, and one of each, so that the first job that must wait is seen and
  -- its hold explained: as many jobs as there are lanes and free slots, not one times the other. Where one lane has more
  -- of the turns than that, the plan says that it is unfinished, and another follows at once.
  local share = 1 + math.ceil(2 * free / math.max(1, #names))
  local wanted = math.min(math.max(math.min(free + 1, share), fewest), most)
  -- Among those, jobs with the same beginning can be found, to go one after the other.
  local wanted_of_batch = free > 0 and wanted + math.floor(of_batch * 8 / math.max(8, #names)) or wanted
  local inputs, counters = read_fields(key("lanes", "input"), names), read_counters(names)
  for index, name in ipairs(names) do
    local jobs = string.sub(name, 1, 6) == "batch:" and wanted_of_batch or wanted
    local lane = key("lane", name)
    local told = { table.concat({ name, redis.call("ZCARD", lane), inputs[index], counters[index] }, SEPARATOR) }
    lanes[index] = read_head(told, lane, jobs, #backends + 1, most_looked_at, last_chance)
  end
  return { now_ms, backends, lanes, read_fresh(tonumber(ARGV[base + 6])), read_overflowing() }
end
