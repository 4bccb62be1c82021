--@include keys.lua
-- Where a waiting job stands among the jobs of its model group: more urgent classes first, then earlier deadlines.
-- Fairness between tenants may serve it sooner or later than that.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  job   ARGV[2]  its lane   ARGV[3]  class   ARGV[4]  model group as in the lane's name
--
-- Returns  1 for the next one, 0 when the job is in no lane
local deadline_at_ms = redis.call("ZSCORE", key("lane", ARGV[2]), ARGV[1])
if not deadline_at_ms then return 0 end
local rank = { interactive = 1, standard = 2, batch = 3 }
local position = 1
for _, lane in ipairs(redis.call("SMEMBERS", key("lanes"))) do
  local class, group = string.match(lane, "^([^:]+):([^:]+):")
  if group == ARGV[4] then
    if lane == ARGV[2] then
      position = position + redis.call("ZRANK", key("lane", lane), ARGV[1])
    elseif rank[class] < rank[ARGV[3]] then
      position = position + redis.call("ZCARD", key("lane", lane))
    elseif class == ARGV[3] then
      position = position + redis.call("ZCOUNT", key("lane", lane), "-inf", "(" .. deadline_at_ms)
    end
  end
end
return position
