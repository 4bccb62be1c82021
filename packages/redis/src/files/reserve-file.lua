--@include file.lua
-- Say that a file's blob is about to be written, so that it is deleted when whoever writes it never comes back.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  file   ARGV[2]  tenant   ARGV[3]  path of its blob
--
-- Returns  1; 0 when the file is known already
if redis.call("EXISTS", key("file", ARGV[1])) == 1 then return 0 end
reserve_file(ARGV[1], ARGV[2], ARGV[3])
return 1
