--@include submit.lua
-- Give the next lines of a batch to the lanes, and move its cursor behind them, in one step.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  tenant   ARGV[4]  cursor before   ARGV[5]  cursor after
-- ARGV[6]  bytes of the requests   ARGV[7]  lines that are no job   ARGV[8]  lines of several steps   ARGV[9]  jobs
-- then for each line that is no job: its number, its outcome, the outcome as JSON
-- then for each line of several steps: its number, how far it is, as JSON
-- then the jobs, as lib/submit.lua has them
--
-- Returns  "fed", or why not: "lost" (the lease), "moved" (the cursor: sent before) or "stopped" (cancelled, paused)
local batch, tenant = ARGV[1], ARGV[3]
local record = key("batch", batch)
if not holds_batch(batch, ARGV[2]) then return "lost" end
local status, cursor, paused = unpack(redis.call("HMGET", record, "status", "cursor", "paused"))
if cursor ~= ARGV[4] then return "moved" end
if status ~= "in_progress" or paused == "1" then return "stopped" end

local others, stepped, jobs = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local BASE = 9
for other = 1, others do
  local base = BASE + (other - 1) * 3
  settle_line(batch, ARGV[base + 1], ARGV[base + 2], ARGV[base + 3])
end
for line = 1, stepped do
  local base = BASE + others * 3 + (line - 1) * 2
  redis.call("HSET", key("batch", batch, "steps"), ARGV[base + 1], ARGV[base + 2])
end
for job = 1, jobs do
  submit(tenant, BASE + others * 3 + stepped * 2 + (job - 1) * JOB_ARGS)
end
redis.call("HSET", record, "cursor", ARGV[5],
  "low_water", math.floor(redis.call("SCARD", key("batch", batch, "open")) / 2))
redis.call("HINCRBY", record, "window_bytes", ARGV[6])
count_lines(tonumber(ARGV[5]) - tonumber(ARGV[4]))
wake()
return "fed"
