--@include keys.lua
--@include time.lua
-- What a tenant may submit in a minute: the generic cell rate algorithm in its continuous-state leaky bucket form (ITU-T
-- I.371, ATM Forum Traffic Management 4.0). `tenant:<t>:rate:<limit>` is "<level> <ms when it was that>"; a minute's worth
-- drains in a minute, and what would make the level more than a minute's worth is refused.
--
-- The burst is a minute's worth, because limits are told per minute: who was idle may send a minute's worth at once. So
-- any t minutes admit at most (1 + t) times the limit.

-- One request or token is so many units of the level: `limit` units drain in a ms, and all of it is exact.
local UNITS = 60000

-- The level with `cost` more, and how many ms from now that is admitted: 0 when it is now.
local function level_after(tenant, name, limit, cost)
  local level, at_ms = string.match(redis.call("GET", key("tenant", tenant, "rate:" .. name)) or "", "^(%d+) (%d+)$")
  local left = level and math.max(0, tonumber(level) - math.max(0, now_ms - tonumber(at_ms)) * limit) or 0
  -- More than a minute's worth at once is admitted when nothing is left, and delays what comes after it.
  local excess = left + math.min(cost, limit) * UNITS - limit * UNITS
  return left + cost * UNITS, math.max(0, math.ceil(excess / limit))
end

-- nil when the submission keeps to both limits ("": no limit), and then it is charged; otherwise the limit it must wait
-- for longest, and for how many ms.
local function exceeds_rate(tenant, requests_per_minute, tokens_per_minute, tokens)
  local limits = {
    { name = "requests", limit = tonumber(requests_per_minute), cost = 1 },
    { name = "tokens", limit = tonumber(tokens_per_minute), cost = tonumber(tokens) },
  }
  local longest, longest_ms = nil, 0
  for _, each in ipairs(limits) do
    if each.limit then
      local wait_ms
      each.level, wait_ms = level_after(tenant, each.name, each.limit, each.cost)
      if wait_ms > longest_ms then longest, longest_ms = each.name, wait_ms end
    end
  end
  if longest then return longest, longest_ms end
  for _, each in ipairs(limits) do
    if each.limit and each.level > 0 then
      redis.call("SET", key("tenant", tenant, "rate:" .. each.name), string.format("%.0f %d", each.level, now_ms),
        "PX", math.ceil(each.level / each.limit))
    end
  end
  return nil
end
