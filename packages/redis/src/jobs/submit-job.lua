--@include submit.lua
-- Admit one job: record, lane, clocks and idempotency record in one step, or nothing at all.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  tenant   ARGV[2]  most live jobs it may have   ARGV[3]  longest queue the client accepts (-1: any)
-- ARGV[4]  idempotency key ("": none)   ARGV[5]  hash of the body   ARGV[6]  model group as in the lane's name
-- ARGV[7…]  the job, as lib/submit.lua has it
--
-- Returns  {"accepted", now_ms}, {"replayed", first job}, {"conflict"}, {"over-quota", live}
--          or {"queue-too-long", length}
local tenant, idempotency_key, body_hash = ARGV[1], ARGV[4], ARGV[5]

-- The client library sends a command again when its reply was lost with the connection: the same id is the same job.
if redis.call("EXISTS", key("job", ARGV[7])) == 1 then return { "replayed", ARGV[7] } end

local seen = replay(tenant, idempotency_key, body_hash)
if seen then return seen end

local refused = over_quota(tenant, 1, tonumber(ARGV[2]))
if refused then return refused end

local longest = tonumber(ARGV[3])
if longest >= 0 then
  local length = 0
  for _, lane in ipairs(redis.call("SMEMBERS", key("lanes"))) do
    if string.find(lane, ":" .. ARGV[6] .. ":", 1, true) then
      length = length + redis.call("ZCARD", key("lane", lane))
    end
  end
  if length > longest then return { "queue-too-long", length } end
end

submit(tenant, 6)
admit(tenant, 1)
remember(tenant, idempotency_key, body_hash, ARGV[7])
wake()
return { "accepted", now_ms }
