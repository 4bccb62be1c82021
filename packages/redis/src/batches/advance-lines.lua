--@include past-the-limit.lua
--@include submit.lua
--@include forget.lua
-- Take the next steps of lines whose jobs ended, in one step: the entries go, and what they led to is there.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  tenant
-- ARGV[4]  ended jobs taken, the first in the list   ARGV[5]  lines that have their outcome   ARGV[6]  lines that go on
-- ARGV[7]  jobs nobody needs any more   ARGV[8]  jobs of which nobody needs the request   ARGV[9]  jobs to come
-- ARGV[10] bytes of the requests to come
-- then the ended jobs
-- then for each line that has its outcome: its number, its outcome, the outcome as JSON
-- then for each line that goes on: its number, how far it is, as JSON
-- then the jobs nobody needs: those that have not ended are cancelled
-- then the jobs of which nobody needs the request
-- then the jobs to come, as lib/submit.lua has them; their deadline is that of the batch
--
-- Returns  "advanced", or why not: "lost" (the lease) or "moved" (the list: sent before)
local batch, tenant = ARGV[1], ARGV[3]
local taken, outcomes, going, unneeded, answered, jobs = unpack(ARGV, 4, 9)
local record, ended = key("batch", batch), key("batch", batch, "ended")
local open, steps = key("batch", batch, "open"), key("batch", batch, "steps")
if not holds_batch(batch, ARGV[2]) then return "lost" end

local base = 10
local first = redis.call("LRANGE", ended, 0, taken - 1)
for index = 1, tonumber(taken) do
  if first[index] ~= ARGV[base + index] then return "moved" end
end
base = base + taken
redis.call("LTRIM", ended, taken, -1)

for _ = 1, tonumber(outcomes) do
  redis.call("HDEL", steps, ARGV[base + 1])
  settle_line(batch, ARGV[base + 1], ARGV[base + 2], ARGV[base + 3])
  base = base + 3
end
for _ = 1, tonumber(going) do
  redis.call("HSET", steps, ARGV[base + 1], ARGV[base + 2])
  base = base + 2
end

local freed = 0
-- Without its batch: that line has what it needs, and waits for nothing more.
local function cancel(id, job)
  if job.state == "running" then
    end_attempt(id, job, "cancelled")
    redis.call("PUBLISH", key("cancel"), id)
  end
  redis.call("SREM", open, id)
  job.batch = nil
  finish(id, job, "cancelled")
end
-- One that has ended and was not taken leaves its entry in the list, to be taken when its turn comes.
local function drop(id)
  local job = read_life(id)
  if not job.state then return end
  if is_live(job) then cancel(id, job) end
  freed = freed + redis.call("STRLEN", key("job", id, "request"))
  forget_job(id)
end
local drops = base
local requests = drops + unneeded
base = requests + answered

-- Before the others go: a tenant without any job would be taken for one that left.
local held, expires_at_ms = unpack(redis.call("HMGET", record, "held", "expires_at_ms"))
for _ = 1, tonumber(jobs) do
  ARGV[base + 4] = string.format("%d", expires_at_ms - now_ms)
  submit(tenant, base)
  -- As those that are out of their lanes: who puts them back puts this one back, too.
  if held and held ~= "none" then requeue(ARGV[base + 1], read_life(ARGV[base + 1]), tonumber(expires_at_ms)) end
  base = base + JOB_ARGS
end
for index = 1, tonumber(unneeded) do drop(ARGV[drops + index]) end
for index = 1, tonumber(answered) do
  local request = key("job", ARGV[requests + index], "request")
  freed = freed + redis.call("STRLEN", request)
  redis.call("DEL", request)
end
redis.call("HINCRBY", record, "window_bytes", tonumber(ARGV[10]) - freed)
if redis.call("EXISTS", ended) == 1 then poke(batch, now_ms) end
if tonumber(jobs) > 0 then wake() end
return "advanced"
