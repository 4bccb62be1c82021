--@include file.lua
-- Make a file visible whose blob is written. The same id again changes nothing.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  file   ARGV[2]  tenant   ARGV[3]  path of its blob   ARGV[4]  file name   ARGV[5]  purpose   ARGV[6]  bytes
-- ARGV[7]  sha256   ARGV[8]  kept for this many ms
--
-- Returns  {created_at_ms, expires_at_ms}
-- The results of a batch end accepted work: a store above its limit takes them, too (lib/past-the-limit.lua).
if ARGV[5] == "batch_output" then redis.call("DEL", key("nothing")) end
return { write_file(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]) }
