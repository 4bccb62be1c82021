--@include snapshot.lua
-- Read what a plan needs, and change nothing: retries that are due stay where they are.
--
-- KEYS[1]  cell prefix
-- ARGV     as lib/snapshot.lua has it
--
-- Returns  as lib/snapshot.lua has it
return read_snapshot(0)
