--@include life.lua
-- Where a job stands, told from its record alone: the other side of what life.lua does move by move.

-- What of a record says where the job stands, by its state; nothing else is read.
local ENDED = { "tenant", "finished_at_ms", "retain_ms" }
local PLACED = {
  queued = { "tenant", "deadline_at_ms", "attempts", "lane", "score", "available_at_ms" },
  dispatched = { "tenant", "deadline_at_ms", "attempts", "lane", "rescues", "backend", "dispatched_at_ms" },
  running = { "tenant", "deadline_at_ms", "attempts", "lane", "rescues", "backend", "started_at_ms",
    "attempt_timeout_ms", "worker" },
  completed = ENDED, failed = ENDED, cancelled = ENDED, expired = ENDED,
}

-- nil when there is no record. One that no version of these scripts wrote whole is `unreadable`: it says nothing.
local function read_placed(id)
  local state, start_by_ms, batch, cloud_at_once = unpack(redis.call("HMGET", key("job", id), "state", "start_by_ms",
    "batch", "cloud_at_once"))
  if not state and redis.call("EXISTS", key("job", id)) == 0 then return nil end
  local fields = PLACED[state]
  if not fields then return { unreadable = true } end
  local job = read(id, unpack(fields))
  for _, field in ipairs(fields) do
    if not job[field] or job[field] == "" then job.unreadable = true end
  end
  job.state, job.start_by_ms, job.batch, job.cloud_at_once = state, start_by_ms, batch, cloud_at_once
  return job
end

-- A place is {index, its key, member, score}. Sets have no score, and `score = "any"` stands for whatever it is. `late`
-- is a second score that is right, too, and with `or_more` every higher one is.
--
-- `delayed`: whether a queued job waits in `retry` and not in its lane. Its record cannot say: time moves it on.
-- `rules`: last_chance, the rescues from which a job is a suspect, and grace_ms, after which a running job whose deadline
-- has passed is looked at again.
local function places(id, job, delayed, rules)
  local all = { { "jobs", key("tenant", job.tenant, "jobs"), id, 0 } }
  if not is_live(job) then
    all[2] = { "retained", key("retained"), id, tonumber(job.finished_at_ms) + tonumber(job.retain_ms) }
    return all
  end

  local deadline_at_ms = tonumber(job.deadline_at_ms)
  all[2] = { "live", key("tenant", job.tenant, "live"), id }
  all[3] = { "deadline", key("clocks", "deadline"), id, deadline_at_ms, late = deadline_at_ms + rules.grace_ms }
  if job.start_by_ms and tonumber(job.attempts) == 0 then
    table.insert(all, { "start", key("clocks", "start"), id, tonumber(job.start_by_ms) })
  end

  if job.batch then table.insert(all, { "open", key("batch", job.batch, "open"), id }) end

  if job.state == "queued" then
    if delayed then
      table.insert(all, { "retry", key("retry"), id, tonumber(job.available_at_ms) })
    else
      table.insert(all, { "lane", key("lane", job.lane), id, tonumber(job.score) })
      table.insert(all, { "lanes", key("lanes"), job.lane })
      table.insert(all, { "tenant-lanes", key("tenant", job.tenant, "lanes"), job.lane })
      table.insert(all, { "active", key("fairness", "active"), job.tenant, counter_of(job.tenant), or_more = true })
    end
    return all
  end

  table.insert(all, { "backends", key("backends"), job.backend })
  if tonumber(job.rescues) >= rules.last_chance then
    table.insert(all, { "suspects", key("backend", job.backend, "suspects"), id })
  end
  if is_pinned(job.lane) then
    table.insert(all, { "pinned", key("backend", job.backend, "pinned"), id, deadline_at_ms })
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
