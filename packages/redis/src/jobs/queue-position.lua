--@include position.lua
--@include time.lua
-- Where a waiting job stands among the jobs of its model group, and what its end is foretold from.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  job   ARGV[2]  its lane
--
-- Returns  {now_ms, position, forecast} as lib/position.lua has them: 1 for the next one, 0 when the job is in no lane
local position, place = position_of(ARGV[1], ARGV[2])
return { now_ms, position, forecast_of(ARGV[2], place) }
