-- Redis' own clock, in ms: the only one all processes share.
local function read_clock()
  local time = redis.call("TIME")
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local now_ms = read_clock()
