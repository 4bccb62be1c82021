--@include past-the-limit.lua
--@include life.lua
-- One worker's sign of life for one backend: what the backend offers now, and which leases the worker believes in.
--
-- A job that the store gave this worker and that the worker has not believed in for as long as death takes is taken
-- back: the answer to its claim got lost, or its end could not be written, and no other worker would ever find it.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  worker   ARGV[2]  backend   ARGV[3]  descriptor (JSON)   ARGV[4]  slots ("": others speak for the backend)
-- ARGV[5]  1 if a backend has one worker at a time (a local engine), 0 if workers compete
-- ARGV[6]  a worker silent for this many ms is dead   ARGV[7]  1 if the backend drains, 0 if not
-- ARGV[8]  what the backend's profile is learned from, as JSON ("": nothing new)
-- then job, fence, job, fence, … the worker runs for this backend
--
-- Returns  {"alive", lost job, …} or {"standby", owner}: another live worker drives this engine
local worker, backend, silent_ms = ARGV[1], ARGV[2], tonumber(ARGV[6])

if ARGV[5] == "1" then
  local owner = redis.call("HGET", key("backend", backend), "owner")
  if owner and owner ~= worker then
    local heard_at_ms = tonumber(redis.call("ZSCORE", key("workers"), owner) or "0")
    if heard_at_ms > now_ms - silent_ms then return { "standby", owner } end
  end
  redis.call("HSET", key("backend", backend), "owner", worker)
end

redis.call("ZADD", key("workers"), now_ms, worker)
if ARGV[4] ~= "" then
  local known_slots = redis.call("HGET", key("backend", backend), "slots")
  redis.call("SADD", key("backends"), backend)
  redis.call("HSET", key("backend", backend), "descriptor", ARGV[3], "slots", ARGV[4], "heard_at_ms", now_ms,
    "draining", ARGV[7])
  if ARGV[8] ~= "" then redis.call("HSET", key("backend", backend), "estimate", ARGV[8]) end
  if known_slots ~= ARGV[4] then wake() end
end

local reply, believed = { "alive" }, {}
for index = 9, #ARGV, 2 do
  believed[ARGV[index]] = true
  local job = read(ARGV[index], "state", "fence", "worker")
  if job.state ~= "running" or job.fence ~= ARGV[index + 1] or job.worker ~= worker then
    table.insert(reply, ARGV[index])
  end
end
for _, id in ipairs(redis.call("SMEMBERS", key("worker", worker, "held"))) do
  if not believed[id] then
    local job = read_life(id)
    local started_at_ms = tonumber(redis.call("HGET", key("job", id), "started_at_ms") or "0")
    if job.state == "running" and job.worker == worker and started_at_ms <= now_ms - silent_ms then
      take_back(id, job, "its worker does not know of this attempt: the store's answer got lost on the way")
    end
  end
end
return reply
