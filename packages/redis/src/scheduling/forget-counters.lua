--@include past-the-limit.lua
--@include fairness.lua
-- Forget the counters of tenants without live jobs that are below where they would begin anyway.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  cursor   ARGV[2]  about how many to look at
--
-- Returns  the next cursor ("0": that was all)
local reply = redis.call("HSCAN", key("fairness"), ARGV[1], "COUNT", ARGV[2])
for index = 1, #reply[2], 2 do
  forget_counter(reply[2][index])
end
return reply[1]
