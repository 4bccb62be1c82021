--@include life.lua
-- One worker's sign of life for one backend: what the backend offers now, and which leases the worker believes in.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  worker   ARGV[2]  backend   ARGV[3]  descriptor (JSON)   ARGV[4]  slots
-- ARGV[5]  1 if a backend has one worker at a time (a local engine), 0 if workers compete
-- ARGV[6]  a worker silent for this many ms is dead   then job, fence, job, fence, … the worker runs for this backend
--
-- Returns  {"alive", lost job, …} or {"standby", owner}: another live worker drives this engine
local worker, backend = ARGV[1], ARGV[2]

if ARGV[5] == "1" then
  local owner = redis.call("HGET", key("backend", backend), "owner")
  if owner and owner ~= worker then
    local heard_at_ms = tonumber(redis.call("ZSCORE", key("workers"), owner) or "0")
    if heard_at_ms > now_ms - tonumber(ARGV[6]) then return { "standby", owner } end
  end
  redis.call("HSET", key("backend", backend), "owner", worker)
end

local known_slots = redis.call("HGET", key("backend", backend), "slots")
redis.call("ZADD", key("workers"), now_ms, worker)
redis.call("SADD", key("backends"), backend)
redis.call("HSET", key("backend", backend), "descriptor", ARGV[3], "slots", ARGV[4], "heard_at_ms", now_ms)
if known_slots ~= ARGV[4] then wake() end

local reply = { "alive" }
for index = 7, #ARGV, 2 do
  local job = read(ARGV[index], "state", "fence", "worker")
  if job.state ~= "running" or job.fence ~= ARGV[index + 1] or job.worker ~= worker then
    table.insert(reply, ARGV[index])
  end
end
return reply
