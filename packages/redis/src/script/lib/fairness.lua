--@include keys.lua
-- Virtual token counters (arXiv 2401.00588): what a tenant was charged so far, divided by its weight, never below 0.
--   `fairness`          tenant → counter
--   `tenant:<t>:lanes`  its lanes that hold jobs
--   `fairness:active`   what the tenants that have such lanes, those that wait to be served, count for where others begin:
--                       their counters without the credit they began with, and without what they were given back since
--   `fairness:last`     the tenant that was served last, and what it counted for just before (`fairness:last:score`)

-- As packages/core/src/fairness/virtual-tokens.ts has it: change both.
local BURST_CREDIT = 10000

local function counter_of(tenant)
  return tonumber(redis.call("HGET", key("fairness"), tenant) or "0")
end

-- With whom a tenant begins that nothing waited of: with the one that is to be served next, so that asking for nothing
-- saves nothing up and nobody waits for what others were owed meanwhile; while nobody waits, with the one that was served
-- last. What runs counts for nothing here: it has been served.
local function where_others_stand()
  local next_to_be_served = redis.call("ZRANGE", key("fairness", "active"), 0, 0, "WITHSCORES")[2]
  if next_to_be_served then return tonumber(next_to_be_served) end
  local last = redis.call("GET", key("fairness", "last"))
  if not last then return 0 end
  return math.max(counter_of(last), tonumber(redis.call("GET", key("fairness", "last", "score")) or "0"))
end

-- Call it before a job of the tenant leaves its lane for a backend. Its score goes with its last lane.
local function serve(tenant)
  redis.call("SET", key("fairness", "last"), tenant)
  redis.call("SET", key("fairness", "last", "score"), redis.call("ZSCORE", key("fairness", "active"), tenant) or "0")
end

-- Less a credit, so that a burst after a quiet time is served at once.
local function on_credit(counter)
  return math.max(0, counter - BURST_CREDIT)
end

local function tenant_of(lane)
  return string.match(lane, ":([^:]+):[^:]+$")
end

-- Call it when a lane holds a job that held none. A job that comes back from a backend or from its retry is welcomed as a
-- new one is: what its tenant was given back goes off afterwards, so it comes before the others by that, and not by what
-- they were served while nothing of it waited.
local function welcome(lane)
  local tenant = tenant_of(lane)
  local lanes = key("tenant", tenant, "lanes")
  if redis.call("EXISTS", lanes) == 0 then
    local counter, base = counter_of(tenant), where_others_stand()
    redis.call("HSET", key("fairness"), tenant, math.max(counter, on_credit(base)))
    -- For others it has no credit: each newcomer would begin another one below the one before.
    redis.call("ZADD", key("fairness", "active"), math.max(counter, base), tenant)
  end
  redis.call("SADD", lanes, lane)
end

-- Call it when a lane holds no job any more.
local function part(lane)
  local tenant = tenant_of(lane)
  local lanes = key("tenant", tenant, "lanes")
  redis.call("SREM", lanes, lane)
  if redis.call("EXISTS", lanes) == 0 then redis.call("ZREM", key("fairness", "active"), tenant) end
end

-- Below 0 gives back, to the tenant alone: nobody else begins lower by it. Call it while the tenant has a live job.
local function charge(tenant, virtual_tokens)
  if virtual_tokens == 0 then return end
  local counter = math.max(0, counter_of(tenant) + virtual_tokens)
  redis.call("HSET", key("fairness"), tenant, counter)
  redis.call("ZADD", key("fairness", "active"), "XX", "GT", counter, tenant)
end

-- A counter at or below where its tenant would begin anyway says nothing, unless it is still to be corrected. Returns how
-- many were forgotten: 1 or 0.
local function forget_counter(tenant)
  if redis.call("EXISTS", key("tenant", tenant, "live")) == 1 then return 0 end
  if redis.call("GET", key("fairness", "last")) == tenant then return 0 end
  if counter_of(tenant) > on_credit(where_others_stand()) then return 0 end
  return redis.call("HDEL", key("fairness"), tenant)
end

-- With nobody left to compare, there is nothing to be fair about.
local function forget_fairness()
  if redis.call("EXISTS", key("retained"), key("clocks", "deadline")) > 0 then return end
  redis.call("DEL", key("fairness"), key("fairness", "active"), key("fairness", "last"), key("fairness", "last", "score"))
end
