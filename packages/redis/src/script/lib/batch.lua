--@include keys.lua
--@include time.lua
-- A batch between its input and its part files:
--   `batch:<b>`          its record; `cursor` is the next line to feed, `drained` counts the lines in part files
--   `batch:<b>:open`     its jobs that are live
--   `batch:<b>:done`     a bit for each line that has its outcome
--   `batch:<b>:settled`  outcomes that are in no part file yet, in the order they came: a job, or the outcome itself
--   `batch:<b>:ended`    jobs that were one step of a line, and whose line waits for its next step
--   `batch:<b>:parts`    the part files
--   `batches:due`        when a batch-worker should look at it next; `batches:leased` those that one looks at now
--   `batches:running`    those whose lines are being fed
--   `batches:lines`      how many lines all of them have between input and part files

local LIVE_BATCH = { validating = true, in_progress = true, finalizing = true, cancelling = true }

-- So many settled lines are worth a look before anybody would look anyway.
local WORTH_A_LOOK = 250
-- And so many bytes of answers.
local HEAVY = 4194304

-- Somebody should look at a batch, not later than `at_ms`. The member is there as long as the batch has not ended.
local function poke(batch, at_ms)
  redis.call("ZADD", key("batches", "due"), "LT", at_ms, batch)
  redis.call("PUBLISH", key("batches"), batch)
end

-- Lines came from the input, or went to a part file.
local function count_lines(by)
  if redis.call("INCRBY", key("batches", "lines"), by) <= 0 then redis.call("DEL", key("batches", "lines")) end
end

-- What an outcome takes that is to be written down: the job's answer, or the outcome itself.
local function outcome_bytes(entry)
  return string.sub(entry, 1, 4) == "job_" and redis.call("STRLEN", key("job", entry, "result")) or #entry
end

-- The one place where a line gets its outcome: its bit, its counter and what it came to change together, and once.
-- `entry` is the job that ran it, or the outcome as JSON. Returns the number of outcomes to write down; nil when the line
-- had its outcome before.
local function settle_line(batch, line, outcome, entry)
  if redis.call("SETBIT", key("batch", batch, "done"), line, 1) == 1 then return nil end
  redis.call("HINCRBY", key("batch", batch), outcome, 1)
  local bytes = redis.call("HINCRBY", key("batch", batch), "settled_bytes", outcome_bytes(entry))
  if bytes >= HEAVY then poke(batch, now_ms) end
  return redis.call("RPUSH", key("batch", batch, "settled"), entry)
end

-- A job of a batch has ended. One that was a whole line is the line's outcome; the step of a line waits for the next step.
local function leave_batch(id, job, outcome)
  local batch = job.batch
  local open = key("batch", batch, "open")
  redis.call("SREM", open, id)
  local status, low_water = unpack(redis.call("HMGET", key("batch", batch), "status", "low_water"))
  -- Its results are written, or a version before this one made it: nothing is to be counted, and nothing left behind.
  if not LIVE_BATCH[status] or not job.line then return end
  if job.step then
    if redis.call("RPUSH", key("batch", batch, "ended"), id) == 1 then poke(batch, now_ms) end
    return
  end
  local waiting = settle_line(batch, job.line, outcome, id)
  local left = redis.call("SCARD", open)
  if left == 0 or left == tonumber(low_water or "0") or (waiting and waiting % WORTH_A_LOOK == 0) then poke(batch, now_ms) end
end

-- Whether this worker still has the batch; a later lease has a higher fence.
local function holds_batch(batch, fence)
  return redis.call("HGET", key("batch", batch), "fence") == fence
end
