--@include position.lua
-- Where a waiting job stands among the jobs of its model group.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  job   ARGV[2]  its lane   ARGV[3]  class   ARGV[4]  model group as in the lane's name
--
-- Returns  1 for the next one, 0 when the job is in no lane
return position_of(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
