--@include life.lua
-- Where a job stands, told from its record alone: the other side of what life.lua does move by move.
--
-- A place is {index, its key, member, score}. Sets have no score, and `score = "any"` stands for whatever it is. `late`
-- is a second score that is right, too.

local PLACED = { "state", "tenant", "lane", "score", "available_at_ms", "deadline_at_ms", "start_by_ms", "attempts",
  "rescues", "backend", "worker", "tokens", "dispatched_at_ms", "started_at_ms", "attempt_timeout_ms", "finished_at_ms",
  "retain_ms" }
local NEEDED = { "tenant", "lane", "score", "available_at_ms", "deadline_at_ms", "attempts", "rescues", "tokens",
  "retain_ms" }
local ENDED = { completed = true, failed = true, cancelled = true, expired = true }

local function read_placed(id)
  return read(id, unpack(PLACED))
end

-- A record that no version of these scripts wrote whole says nothing about where it stands.
local function is_readable(job)
  for _, field in ipairs(NEEDED) do
    if not job[field] then return false end
  end
  if job.state == "queued" then return true end
  if ENDED[job.state] then return job.finished_at_ms end
  if (job.backend or "") == "" then return false end
  if job.state == "dispatched" then return job.dispatched_at_ms end
  return job.state == "running" and (job.worker or "") ~= "" and job.started_at_ms and job.attempt_timeout_ms
end

-- `delayed`: whether a queued job waits in `retry` and not in its lane. Its record cannot say: time moves it on.
-- `rules`: last_chance, the rescues from which a job is a suspect, and grace_ms, after which a running job whose deadline
-- has passed is looked at again.
local function places(id, job, delayed, rules)
  local all = { { "jobs", key("tenant", job.tenant, "jobs"), id, 0 } }
  if ENDED[job.state] then
    all[2] = { "retained", key("retained"), id, tonumber(job.finished_at_ms) + tonumber(job.retain_ms) }
    return all
  end

  local deadline_at_ms = tonumber(job.deadline_at_ms)
  all[2] = { "live", key("tenant", job.tenant, "live"), id }
  all[3] = { "deadline", key("clocks", "deadline"), id, deadline_at_ms, late = deadline_at_ms + rules.grace_ms }
  if job.start_by_ms and tonumber(job.attempts) == 0 then
    table.insert(all, { "start", key("clocks", "start"), id, tonumber(job.start_by_ms) })
  end

  if job.state == "queued" then
    if delayed then
      table.insert(all, { "retry", key("retry"), id, tonumber(job.available_at_ms) })
    else
      table.insert(all, { "lane", key("lane", job.lane), id, tonumber(job.score) })
      table.insert(all, { "lanes", key("lanes"), job.lane })
    end
    return all
  end

  table.insert(all, { "backends", key("backends"), job.backend })
  if tonumber(job.rescues) >= rules.last_chance then
    table.insert(all, { "suspects", key("backend", job.backend, "suspects"), id })
  end
  if job.state == "dispatched" then
    table.insert(all, { "dispatched", key("backend", job.backend, "dispatched"), id, tonumber(job.dispatched_at_ms) })
  else
    local ends_at_ms = tonumber(job.started_at_ms) + tonumber(job.attempt_timeout_ms)
    table.insert(all, { "running", key("backend", job.backend, "running"), id, math.min(ends_at_ms, deadline_at_ms) })
    table.insert(all, { "held", key("worker", job.worker, "held"), id })
    table.insert(all, { "workers", key("workers"), job.worker, "any" })
  end
  return all
end

-- Of the two places of a queued job the one that it is in is right, and when it is in none or both, the one for now.
local function is_delayed(id, job)
  if job.state ~= "queued" then return false end
  local in_lane = redis.call("ZSCORE", key("lane", job.lane), id)
  local in_retry = redis.call("ZSCORE", key("retry"), id)
  if (in_lane and in_retry) or not (in_lane or in_retry) then return tonumber(job.available_at_ms) > now_ms end
  return in_retry and true or false
end
